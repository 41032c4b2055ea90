package verger.features;

import java.nio.FloatBuffer;

/** Runs a network on batches of normalized images; one engine is shared by all tasks of a JVM. */
interface Engine extends AutoCloseable {

    /**
     * The features of a batch of square images.
     *
     * @param pixels normalized pixels from its position to its limit, {@code count × 3 × size × size} in NCHW order, planes
     *               in the network's channel order; direct and in native byte order, it is not copied for ONNX Runtime
     * @param count  number of images in the batch
     * @param size   width and height of each image in pixels
     * @return {@code count} rows of {@link Network#featureSize()} features
     */
    float[][] features(FloatBuffer pixels, int count, int size);

    /** The only width and height in pixels that the network takes, or 0 where it takes any. */
    int fixedSize();

    @Override
    void close();
}
