package verger.images.decoding;

/** What one picture may take, and the step it is read in so that it does. */
final class Bounds {

    /**
     * Samples that one picture may have, those of a progressive JPEG once for each scan: 200 megapixels of ten scans stay below,
     * half a minute of one core or so stays, too.
     */
    static final long MAX_SAMPLES = 2_000_000_000;

    /** Heap for one picture: two tasks at once fit the smallest heap that Spark starts with, 1 GB. */
    static final long MAX_HEAP = 256_000_000;

    /** Bytes beside it: the coefficients of a progressive JPEG of 200 megapixels with halved colours take 600 MB. */
    static final long MAX_BESIDE = 630_000_000;

    /**
     * The shorter side is not cut below this: four times the input of the networks with the largest one (512 pixels or so),
     * whose antialiased resize averages over what is left. So all is read up to 4095 pixels, as of cameras of 24 megapixels.
     */
    private static final int KEPT_SIDE = 2048;

    private Bounds() {
    }

    /** Returns the distance between the pixels of a row, and between the rows, that are read: 1 for all of them. */
    static int step(PictureFile file) throws UndecodableException {
        if (file.width() < 1 || file.height() < 1) {
            throw UndecodableException.broken("it says that it has " + size(file));
        }
        if (file.samples() > MAX_SAMPLES) {
            throw new UndecodableException("too large: " + size(file) + " take " + millions(file.samples())
                    + " million samples of work, more than " + millions(MAX_SAMPLES) + " million");
        }
        if (file.besideBytes() > MAX_BESIDE) {
            throw tooMuchMemory(file, file.besideBytes(), MAX_BESIDE);
        }
        int shorter = Math.min(file.width(), file.height());
        int step = Math.max(1, shorter / KEPT_SIDE);
        // A panorama is longer than a photograph: of one that does not fit, half the side will do.
        while ((heap(file, step) > MAX_HEAP || bytes(file, step) > Turns.ALL) && shorter / (step + 1) >= KEPT_SIDE / 2) {
            step++;
        }
        if (heap(file, step) > MAX_HEAP) {
            throw tooMuchMemory(file, heap(file, step), MAX_HEAP);
        }
        if (bytes(file, step) > Turns.ALL) {
            throw tooMuchMemory(file, bytes(file, step), Turns.ALL);
        }
        return step;
    }

    /** All bytes that decoding takes. */
    static long bytes(PictureFile file, int step) {
        return heap(file, step) + file.besideBytes();
    }

    /** The picture as its reader gives it and as RGB; while it is turned there are two of the latter. */
    private static long heap(PictureFile file, int step) {
        long rgb = Picture.CHANNELS * pixels(file, step);
        long own = file.heapBytes(step);
        return rgb + (file.orientation() == Orientation.UPRIGHT ? own : Math.max(own, rgb));
    }

    static long pixels(PictureFile file, int step) {
        return (long) PictureFile.kept(file.width(), step) * PictureFile.kept(file.height(), step);
    }

    private static UndecodableException tooMuchMemory(PictureFile file, long bytes, long limit) {
        return new UndecodableException("too large: " + size(file) + " take " + millions(bytes) + " MB to decode, more than "
                + millions(limit) + " MB");
    }

    private static String size(PictureFile file) {
        return file.width() + " × " + file.height() + " pixels";
    }

    private static long millions(long number) {
        return number / 1_000_000;
    }
}
