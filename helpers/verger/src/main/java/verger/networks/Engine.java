package verger.networks;

import java.nio.FloatBuffer;

/** Runs a network on batches of normalized images; one engine is shared by all tasks of a JVM. */
public interface Engine extends AutoCloseable {

    /**
     * What the network puts out for a batch of square images.
     *
     * @param output {@link Output#PROBABILITIES} only where {@link #classCount()} is not 0
     * @param pixels normalized pixels from its position to its limit, {@code count × 3 × size × size} in NCHW order, planes
     *               in the network's channel order; direct and in native byte order, it is not copied for ONNX Runtime
     * @param count  number of images in the batch
     * @param size   width and height of each image in pixels
     * @return {@code count} rows of {@link Network#featureSize()} features, or of {@link #classCount()} probabilities
     */
    float[][] run(Output output, FloatBuffer pixels, int count, int size);

    /** The only width and height in pixels that the network takes, or 0 where it takes any. */
    int fixedSize();

    /** How many classes the network gives probabilities for, or 0 where it has no classifier. */
    int classCount();

    @Override
    void close();
}
