package verger.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScatterTest {
    private static final double REACH = 0.4;

    @Test
    void findsWhatLookingAtEveryMarkFinds() {
        List<Vec> marks = IntStream.range(0, 80).mapToObj(i -> anywhere(i, 1)).toList();
        Scatter scatter = new Scatter(marks, REACH);

        for (int i = 0; i < 500; i++) {
            Vec p = anywhere(i, 2);
            double[] sorted = marks.stream().mapToDouble(m -> Math.min(m.minus(p).length(), REACH)).sorted().toArray();
            Scatter.Near near = scatter.near(p.x(), p.y(), p.z());
            assertThat(near.first()).isCloseTo(sorted[0], within(1e-12));
            assertThat(near.second()).isCloseTo(sorted[1], within(1e-12));
            assertThat(near.index() < 0).isEqualTo(sorted[0] == REACH);
        }
    }

    private static Vec anywhere(int i, int salt) {
        return new Vec(Noise.hash(i, 0, 0, salt), Noise.hash(i, 1, 0, salt), Noise.hash(i, 2, 0, salt)).times(2)
                .minus(new Vec(1, 1, 1));
    }
}
