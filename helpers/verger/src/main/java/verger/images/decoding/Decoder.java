package verger.images.decoding;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.Function;

/** Decodes files to pictures in bounded memory and work, and gives a reason where it does not. */
public final class Decoder {

    private Decoder() {
    }

    /**
     * Returns why a file does not become a picture, as far as its first bytes tell.
     *
     * @param head 64 bytes at least, or the whole file
     * @return null if it may be one
     */
    public static String refusal(byte[] head) {
        try {
            Kinds.of(head);
            return null;
        } catch (UndecodableException e) {
            return e.getMessage();
        }
    }

    /**
     * Decodes a file.
     *
     * @param file the whole of it, a byte at least
     * @throws UndecodableException with the reason, if there is no picture
     */
    public static Picture decode(byte[] file) throws UndecodableException {
        return decode(file, picture -> picture);
    }

    /**
     * Decodes a file and uses the picture while its memory still counts: others wait until it is done.
     *
     * @param use of the picture, which decodes no other
     * @throws UndecodableException with the reason, if there is no picture
     */
    public static <T> T decode(byte[] file, Function<Picture, T> use) throws UndecodableException {
        PictureFile opened = opened(file);
        try (opened) {
            int step = Bounds.step(opened);
            try (Turns.Turn turn = Turns.DECODING.take(Bounds.bytes(opened, step))) {
                return use.apply(read(opened, step));
            }
        }
    }

    /**
     * Reads the size of a picture, as the camera was held, from its headers.
     *
     * @return width and height
     * @throws UndecodableException with the reason, if there is no picture
     */
    public static int[] size(byte[] file) throws UndecodableException {
        try (PictureFile opened = opened(file)) {
            return Orientation.isTurned(opened.orientation())
                    ? new int[] {opened.height(), opened.width()} : new int[] {opened.width(), opened.height()};
        }
    }

    static PictureFile opened(byte[] file) throws UndecodableException {
        PictureFile.Format format = Kinds.of(file);
        try {
            return format.open(file);
        } catch (IOException | RuntimeException e) { // a broken file makes readers throw nearly any of them
            throw reason(e, false);
        }
    }

    private static Picture read(PictureFile opened, int step) throws UndecodableException {
        try {
            return Orientation.applied(opened.orientation(), opened.read(step));
        } catch (IOException | RuntimeException e) {
            throw reason(e, opened.isCut());
        }
    }

    private static UndecodableException reason(Exception e, boolean cut) {
        if (cut || e instanceof EOFException || e instanceof Slices.EndException) {
            return UndecodableException.truncated();
        }
        // Java's words on what was null are for who wrote the reader.
        boolean tells = e.getMessage() != null && !(e instanceof NullPointerException);
        return UndecodableException
                .broken(tells ? e.getMessage() : "its reader stopped with a " + e.getClass().getSimpleName());
    }
}
