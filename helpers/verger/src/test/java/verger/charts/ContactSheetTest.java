package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContactSheetTest {

    @Test
    void everyClassShowsItsImages() {
        List<byte[]> contents = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int c = 0; c < 12; c++) {
            for (int i = 0; i < 9; i++) {
                contents.add(Pictures.file(new Color(20 * c, 255 - 20 * c, 7 * i), Color.WHITE));
                labels.add("class " + c);
            }
        }
        BufferedImage sheet = Charts.contactSheet(contents, labels, 6, "Chosen by hash");
        assertThat(sheet.getWidth()).isEqualTo(2200);
        Map<Color, Integer> pixels = Pictures.colors(sheet);
        for (int c = 0; c < 12; c++) {
            int shown = 0;
            for (int i = 0; i < 9; i++) {
                shown += pixels.getOrDefault(new Color(20 * c, 255 - 20 * c, 7 * i), 0) > 2000 ? 1 : 0;
            }
            assertThat(shown).as("images of class %d", c).isEqualTo(6);
        }
        assertThat(Pictures.decoded(Png.of(sheet)).getHeight()).isEqualTo(sheet.getHeight());
    }

    @Test
    void aSheetOf131ClassesIsCompleteAndTaller() {
        List<byte[]> contents = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int c = 0; c < 131; c++) {
            contents.add(Pictures.file(new Color(c, 100, 255 - c), Color.WHITE));
            labels.add(c == 130 ? null : "a very, very long class name that does not fit, number " + c);
        }
        BufferedImage sheet = Charts.contactSheet(contents, labels, 5, null);
        Map<Color, Integer> pixels = Pictures.colors(sheet);
        for (int c = 0; c < 131; c++) {
            assertThat(pixels.get(new Color(c, 100, 255 - c))).as("class %d", c).isGreaterThan(400);
        }
        assertThat(sheet.getHeight()).isGreaterThan(2 * sheet.getWidth());
    }

    @Test
    void ofTooManyClassesTheLargestAreShown() {
        List<byte[]> contents = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            contents.add(new byte[] {(byte) i, (byte) (i >> 8)});
            labels.add("day " + i % 200);
        }
        List<Item> items = IntStream.range(0, 300).mapToObj(i -> new Item(labels.get(i), 0, 0, contents.get(i))).toList();
        Sample sample = Sample.of(items, 0, ContactSheet.limits(12));
        assertThat(sample.classes()).hasSize(166).contains("day 0", "day 99");
        assertThat(Charts.contactSheet(contents, labels, 12, null).getHeight()).isLessThan(25_000);
    }

    @Test
    void anImageThatCannotBeReadLeavesAGreySquare() {
        BufferedImage sheet = Charts.contactSheet(
                Arrays.asList(Pictures.file(Color.RED, Color.WHITE), new byte[] {9}, null),
                Arrays.asList("a", "a", "a"), 3, null);
        assertThat(Pictures.count(sheet, new Color(0xF1F2F4))).isGreaterThan(10_000);
        assertThat(Pictures.count(sheet, Color.RED)).isGreaterThan(2000);
    }

    @Test
    void theNumberOfImagesOfAClassHasLimits() {
        assertThatThrownBy(() -> Charts.contactSheet(List.of(), List.of(), 0, null))
                .hasMessage("A contact sheet shows 1 to 12 images of each class: got 0.");
        assertThatThrownBy(() -> Charts.contactSheet(List.of(), List.of(), 13, null)).hasMessageContaining("got 13");
        assertThatThrownBy(() -> Charts.contactSheet(List.of(), List.of(), 5, null))
                .hasMessage("There is nothing to draw: 0 images.");
    }
}
