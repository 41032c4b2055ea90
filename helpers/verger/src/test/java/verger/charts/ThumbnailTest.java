package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import verger.images.TestImages;

class ThumbnailTest {

    private static final Color NEAR_WHITE = new Color(240, 238, 241);

    @Test
    void theBackgroundBecomesTransparentAndTheObjectStays() {
        BufferedImage cut = Thumbnail.cutOut(Pictures.square(40, Color.RED, NEAR_WHITE));
        assertThat(cut.getRGB(0, 0) >>> 24).isZero();
        assertThat(cut.getRGB(9, 20) >>> 24).isZero();
        assertThat(cut.getRGB(20, 20)).isEqualTo(0xFFFF0000);
        assertThat(cut.getRGB(10, 10)).isEqualTo(0xFFFF0000);
    }

    @Test
    void whiteInsideTheObjectIsNotBackground() {
        BufferedImage image = Pictures.square(40, Color.RED, NEAR_WHITE);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(18, 18, 4, 4);
        g.dispose();
        assertThat(Thumbnail.cutOut(image).getRGB(20, 20)).isEqualTo(0xFFFFFFFF);
    }

    @Test
    void aDarkBackgroundStays() {
        BufferedImage cut = Thumbnail.cutOut(Pictures.square(40, Color.RED, Color.DARK_GRAY));
        assertThat(cut.getRGB(0, 0)).isEqualTo(Color.DARK_GRAY.getRGB());
    }

    @Test
    void anEdgeMixedWithWhiteGivesBackItsColour() {
        BufferedImage image = Pictures.square(40, new Color(200, 0, 0), Color.WHITE);
        // Half object, half background.
        image.setRGB(9, 20, new Color(228, 128, 128).getRGB());
        int edge = Thumbnail.cutOut(image).getRGB(9, 20);
        assertThat(edge >>> 24).isBetween(150, 230);
        assertThat(edge >> 8 & 255).isLessThan(110);
    }

    @Test
    void theLongerSideIsShrunkAndSmallPicturesAreLeft() {
        BufferedImage wide = new BufferedImage(400, 100, BufferedImage.TYPE_INT_RGB);
        assertThat(Thumbnail.of(Png.of(wide), 68)).satisfies(image -> {
            assertThat(image.getWidth()).isEqualTo(68);
            assertThat(image.getHeight()).isEqualTo(17);
        });
        assertThat(Thumbnail.of(Png.of(Pictures.square(30, Color.RED, Color.WHITE)), 68).getWidth()).isEqualTo(30);
    }

    @Test
    void aHugePictureIsReadInSteps() {
        byte[] file = Png.of(new BufferedImage(7900, 7900, BufferedImage.TYPE_BYTE_BINARY));
        assertThat(Thumbnail.of(file, 68).getWidth()).isEqualTo(68);
    }

    @Test
    void aPictureIsUnusableToAChartIfItIsToTheFeatures() {
        byte[] jpeg = TestImages.jpeg(400, Color.RED);
        assertThat(Thumbnail.of(jpeg, 68)).isNotNull();
        assertThat(Thumbnail.of(Arrays.copyOf(jpeg, jpeg.length / 2), 68)).isNull();
        assertThat(Thumbnail.file(Arrays.copyOf(jpeg, jpeg.length / 2), 68)).isEmpty();
        assertThat(Thumbnail.of(null, 68)).isNull();
    }

    @Test
    void greyIsAsDarkAsTheFeaturesSeeIt() {
        BufferedImage grey = new BufferedImage(100, 100, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 10_000; i++) {
            grey.getRaster().setSample(i % 100, i / 100, 0, 100 * 257);
        }
        assertThat(Thumbnail.of(TestImages.encode(grey, "png"), 68).getRGB(30, 30)).isEqualTo(0xFF646464);
    }

    @Test
    void bytesThatAreNoPictureGiveNull() {
        assertThat(Thumbnail.of(new byte[0], 68)).isNull();
        assertThat(Thumbnail.of("not a picture".getBytes(StandardCharsets.UTF_8), 68)).isNull();
        byte[] png = Pictures.file(Color.RED, Color.WHITE);
        assertThat(Thumbnail.of(Arrays.copyOf(png, 40), 68)).isNull();
    }
}
