package verger.charts;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One image as a chart sees it.
 *
 * <p>Not a record, as executors send it: Spark's Kryo, where it is switched on, cannot read records back.
 */
final class Item implements Serializable {

    private final String label;
    private final double x;
    private final double y;
    private final byte[] content;
    private final long key;
    private final long order;

    private Item(String label, double x, double y, byte[] content, long key) {
        this.label = label;
        this.x = x;
        this.y = y;
        this.content = content;
        this.key = key;
        this.order = mixed(key);
    }

    /**
     * An image.
     *
     * @param label   its class; may be null
     * @param x       first coordinate of the projection, not finite where there is none
     * @param y       second coordinate of the projection
     * @param content the bytes of its file; may be null
     */
    static Item of(String label, double x, double y, byte[] content) {
        // Floats: the last digits of a projection may differ between two runs, and the choice of images must not.
        long hash = content != null ? Arrays.hashCode(content)
                : 31L * Float.floatToIntBits((float) x) + Float.floatToIntBits((float) y);
        return new Item(Classes.nameOf(label), x, y, content, hash);
    }

    /**
     * An image that is known by a hash of its origin or content; its file is fetched if it is drawn.
     *
     * @param key such a hash
     */
    static Item of(String label, double x, double y, long key) {
        return new Item(Classes.nameOf(label), x, y, null, key);
    }

    Item withContent(byte[] bytes) {
        return new Item(label, x, y, bytes, key);
    }

    /** What finds the image again. */
    long key() {
        return key;
    }

    /** Its class, {@link Classes#NO_LABEL} if it has none. */
    String label() {
        return label;
    }

    double x() {
        return x;
    }

    double y() {
        return y;
    }

    byte[] content() {
        return content;
    }

    /** A random number that depends on nothing but the image. */
    long order() {
        return order;
    }

    boolean isPlaced() {
        return Double.isFinite(x) && Double.isFinite(y);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): close numbers come out far apart. */
    private static long mixed(long z) {
        z = (z + 0x9E3779B97F4A7C15L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
