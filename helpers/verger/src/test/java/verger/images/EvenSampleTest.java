package verger.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A few of many items: as many of each group as its size allows, and of a group the first of each equal part. */
class EvenSampleTest {

    /** Three of each, as far as there are so many, make ten; the two that are left go to the two largest groups. */
    @Test
    void smallGroupsAreTakenWholeAndTheLargestTakeWhatIsLeft() {
        assertThat(sample(12, 10, 1, 4, 10))
                .containsExactly("a0", "a2", "a5", "a7", "b0", "c0", "c1", "c2", "d0", "d2", "d5", "d7");
        assertThat(sample(14, 10, 1, 4, 10))
                .containsExactly("a0", "a2", "a4", "a6", "a8", "b0", "c0", "c1", "c2", "c3", "d0", "d2", "d5", "d7");
    }

    @Test
    void whereGroupsAreManyTheLargestGiveOneEach() {
        assertThat(sample(3, 10, 1, 4, 10)).containsExactly("a0", "c0", "d0");
    }

    @Test
    void itemsKeepTheirOrder() {
        List<String> mixed = List.of("b0", "a0", "b1", "c0", "a1");

        assertThat(EvenSample.of(mixed, item -> item.charAt(0), 3)).containsExactly("b0", "a0", "c0");
    }

    @Test
    void theLevelIsTheLargestThatStaysWithinTheLimit() {
        assertThat(EvenShares.level(new long[] {10, 1, 4, 10}, 12)).isEqualTo(3);
        assertThat(EvenShares.level(new long[] {10, 1, 4, 10}, 13)).isEqualTo(4);
        assertThat(EvenShares.level(new long[] {10, 1, 4, 10}, 3)).isZero();
        assertThat(EvenShares.level(new long[] {10, 1, 4, 10}, 24)).isEqualTo(9);
        assertThat(EvenShares.level(new long[] {10, 1, 4, 10}, 25)).isEqualTo(Long.MAX_VALUE);
        assertThat(EvenShares.level(new long[0], 5)).isEqualTo(Long.MAX_VALUE);
    }

    private static List<String> sample(int size, int... groups) {
        List<String> items = new ArrayList<>();
        for (int g = 0; g < groups.length; g++) {
            for (int i = 0; i < groups[g]; i++) {
                items.add((char) ('a' + g) + "" + i);
            }
        }
        return EvenSample.of(items, item -> item.charAt(0), size);
    }
}
