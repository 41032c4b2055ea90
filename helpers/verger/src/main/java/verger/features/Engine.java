package verger.features;

/** Runs a network on batches of normalized images; one engine is shared by all tasks of a JVM. */
interface Engine extends AutoCloseable {

    /**
     * The features of a batch of square images.
     *
     * @param pixels normalized pixels, {@code count × 3 × size × size} in NCHW order, planes in the network's channel order
     * @param count  number of images in the batch
     * @param size   width and height of each image in pixels
     * @return {@code count} rows of {@link Network#featureSize()} features
     */
    float[][] features(float[] pixels, int count, int size);

    @Override
    void close();
}
