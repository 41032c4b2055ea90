package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import verger.images.RgbImage;
import verger.images.TestImages;

class PixelBatchTest {

    @Test
    void resNet50GetsBlueGreenRedLessKerasMeans() throws Exception {
        PixelBatch batch = new PixelBatch(Networks.RESNET50, 2, 2);
        batch.add(red());
        batch.add(red());

        assertThat(batch.count()).isEqualTo(2);
        for (int image = 0; image < 2; image++) {
            assertThat(batch.pixels().get(image * 12)).isCloseTo(20 - 103.939f, within(1e-4f));
            assertThat(batch.pixels().get(image * 12 + 4)).isCloseTo(10 - 116.779f, within(1e-4f));
            assertThat(batch.pixels().get(image * 12 + 11)).isCloseTo(250 - 123.68f, within(1e-4f));
        }
    }

    @Test
    void efficientNetGetsRedGreenBlueAroundZero() throws Exception {
        PixelBatch batch = new PixelBatch(Networks.EFFICIENTNET_LITE0, 2, 1);
        batch.add(red());

        assertThat(batch.pixels().get(0)).isEqualTo((250 - 127) / 128f);
        assertThat(batch.pixels().get(4)).isEqualTo((10 - 127) / 128f);
        assertThat(batch.pixels().get(8)).isEqualTo((20 - 127) / 128f);
    }

    @Test
    void anEngineReadsTheSameMemoryForEveryBatch() throws Exception {
        PixelBatch batch = new PixelBatch(Networks.EFFICIENTNET_LITE0, 2, 3);
        List<FloatBuffer> read = new ArrayList<>();
        Engine engine = new Engine() {
            @Override
            public float[][] run(Output output, FloatBuffer pixels, int count, int size) {
                read.add(pixels);
                return new float[count][1];
            }

            @Override
            public int fixedSize() {
                return 0;
            }

            @Override
            public int classCount() {
                return 0;
            }

            @Override
            public void close() {
            }
        };
        for (int count = 1; count <= 3; count++) {
            batch.clear();
            for (int i = 0; i < count; i++) {
                batch.add(red());
            }
            batch.run(engine, Output.FEATURES);
            assertThat(read.get(count - 1).remaining()).isEqualTo(count * 12);
        }
        batch.pixels().put(0, 42);

        assertThat(read).allMatch(FloatBuffer::isDirect).allMatch(pixels -> pixels.get(0) == 42);
    }

    /** 2³¹ − 1 bytes over 3 · 4 · 224² and 3 · 4 · 13377². */
    @Test
    void aBufferHasRoomForSoManyImages() {
        assertThat(PixelBatch.largest(224)).isEqualTo(3566);
        assertThat(PixelBatch.largest(13_377)).isEqualTo(1);
        assertThat(PixelBatch.largest(13_378)).isZero();
        assertThat(PixelBatch.largest(Integer.MAX_VALUE)).isZero();
    }

    private static RgbImage red() throws Exception {
        BufferedImage image = new BufferedImage(5, 5, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 25; i++) {
            image.setRGB(i % 5, i / 5, 250 << 16 | 10 << 8 | 20);
        }
        return RgbImage.decode(TestImages.encode(image, "png"));
    }
}
