package verger.networks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import verger.images.RgbImage;

/** Images on their way into a network: resized, normalized, planes in the network's order. */
public final class PixelBatch {

    private final Network network;
    private final int size;
    /** Outside the heap, where ONNX Runtime reads it in place; one for all batches, since it goes only with this object. */
    private final FloatBuffer pixels;
    private int count;

    /** How many images there can be at most: one buffer has two gibibytes. */
    public static int largest(int size) {
        return (int) (Integer.MAX_VALUE / ((long) size * size) / (RgbImage.CHANNELS * Float.BYTES));
    }

    /** @param capacity how many images there may be, {@link #largest} at most */
    public PixelBatch(Network network, int size, int capacity) {
        this.network = network;
        this.size = size;
        this.pixels = ByteBuffer.allocateDirect(capacity * RgbImage.CHANNELS * size * size * Float.BYTES)
                .order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    public void clear() {
        count = 0;
    }

    public void add(RgbImage image) {
        RgbImage resized = image.resize(size, size);
        int plane = size * size;
        int at = count++ * RgbImage.CHANNELS * plane;
        for (int p = 0; p < RgbImage.CHANNELS; p++) {
            int channel = network.channelOrder() == Network.ChannelOrder.RGB ? p : RgbImage.CHANNELS - 1 - p;
            float mean = network.mean()[p];
            float scale = network.scale()[p];
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    pixels.put(at++, (resized.sample(x, y, channel) - mean) / scale);
                }
            }
        }
    }

    public int count() {
        return count;
    }

    /** One row of what the network puts out for each image, in the order they were added; there must be one at least. */
    public float[][] run(Engine engine, Output output) {
        int used = count * RgbImage.CHANNELS * size * size;
        return engine.run(output, pixels.slice(0, used), count, size);
    }

    FloatBuffer pixels() {
        return pixels;
    }
}
