package verger.features;

import java.util.Arrays;
import verger.images.RgbImage;

/** Images on their way into a network: resized, normalized, planes in the network's order. */
final class PixelBatch {

    private final Network network;
    private final int size;
    private final float[] pixels;
    private int count;

    PixelBatch(Network network, int size, int capacity) {
        this.network = network;
        this.size = size;
        this.pixels = new float[capacity * RgbImage.CHANNELS * size * size];
    }

    void clear() {
        count = 0;
    }

    void add(RgbImage image) {
        RgbImage resized = image.resize(size, size);
        int plane = size * size;
        int at = count++ * RgbImage.CHANNELS * plane;
        for (int p = 0; p < RgbImage.CHANNELS; p++) {
            int channel = network.channelOrder() == Network.ChannelOrder.RGB ? p : RgbImage.CHANNELS - 1 - p;
            float mean = network.mean()[p];
            float scale = network.scale()[p];
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    pixels[at++] = (resized.sample(x, y, channel) - mean) / scale;
                }
            }
        }
    }

    int count() {
        return count;
    }

    /** One row of features for each image, in the order they were added; there must be one at least. */
    float[][] features(Engine engine) {
        int used = count * RgbImage.CHANNELS * size * size;
        return engine.features(used == pixels.length ? pixels : Arrays.copyOf(pixels, used), count, size);
    }

    float[] pixels() {
        return pixels;
    }
}
