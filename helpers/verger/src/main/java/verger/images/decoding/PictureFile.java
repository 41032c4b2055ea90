package verger.images.decoding;

import java.io.IOException;

/**
 * A picture file of which the headers are read and no pixel. Another reader of a format, such as a native one, takes its place
 * by this interface and a line in {@link Kinds}.
 */
interface PictureFile extends AutoCloseable {

    /** Opens files of one format. */
    interface Format {

        /**
         * Reads the headers.
         *
         * @throws IOException          if they are broken; so are they by any exception of {@link RuntimeException}
         * @throws UndecodableException if the reason is known
         */
        PictureFile open(byte[] file) throws IOException, UndecodableException;
    }

    /** Pixels of a row, as stored. */
    int width();

    /** Rows, as stored. */
    int height();

    /** How it is turned to what a person saw, 1 to 8, as Exif 2.32 numbers it. */
    int orientation();

    /** The work: samples that have to be decoded, those of a progressive JPEG once for each scan. */
    long samples();

    /** Bytes of heap beside the RGB that is returned, if every {@code step}th pixel of every {@code step}th row is read. */
    long heapBytes(int step);

    /** Bytes that the reader takes whatever the step is, outside of the heap or in tables. */
    long besideBytes();

    /** Whether the file ends before its own headers say. */
    boolean isCut();

    /**
     * Decodes every {@code step}th pixel of every {@code step}th row, the middle ones, as stored.
     *
     * @throws IOException likewise
     */
    Picture read(int step) throws IOException, UndecodableException;

    @Override
    void close();

    /** So many pixels of a length are read. */
    static int kept(int length, int step) {
        return (length + step - 1 - offset(step)) / step;
    }

    /** The first pixel that is read: the middle one of a step. */
    static int offset(int step) {
        return (step - 1) / 2;
    }
}
