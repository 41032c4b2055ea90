package verger.images.decoding;

import java.io.IOException;

/** The first frame of a GIF, by the JDK's reader, where it lies on the screen; what it does not cover is white. */
final class GifPicture extends ReaderPicture {

    private static final int HEADER = 13;
    private static final int EXTENSION = 0x21;
    private static final int CONTROL = 0xF9;
    private static final int FRAME = 0x2C;

    private final Frame frame;
    private final long frameBits;

    private GifPicture(Blocks blocks) throws IOException {
        super(JdkReaders.of("gif"), blocks.kept, blocks.width, blocks.height, true);
        this.frame = blocks.frame;
        this.frameBits = bitsPerPixel(reader());
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        return new GifPicture(new Blocks(file));
    }

    /** Finds the first frame: the reader gets neither comments nor what programs leave, which it puts together byte by byte. */
    private static final class Blocks {

        final Slices kept = new Slices();
        final int width;
        final int height;
        final Frame frame;

        Blocks(byte[] file) throws UndecodableException {
            if (file.length < HEADER) {
                throw UndecodableException.truncated();
            }
            int at = HEADER + (file[10] < 0 ? 3 << (file[10] & 7) + 1 : 0);
            kept.add(file, 0, Math.min(at, file.length));
            int control = -1;
            while (at + 10 <= file.length && file[at] == EXTENSION) {
                control = (file[at + 1] & 0xFF) == CONTROL ? at : control;
                at += 2;
                while (at < file.length && file[at] != 0) {
                    at += 1 + (file[at] & 0xFF);
                }
                at++;
            }
            if (at + 10 > file.length) {
                throw UndecodableException.truncated();
            }
            if (file[at] != FRAME) {
                throw UndecodableException.broken("a GIF without a frame");
            }
            if (control >= 0) {
                kept.add(file, control, control + 8);
            }
            kept.add(file, at, file.length);
            frame = new Frame(number(file, at + 1), number(file, at + 3), number(file, at + 5), number(file, at + 7));
            width = Math.max(number(file, 6), frame.x() + frame.width());
            height = Math.max(number(file, 8), frame.y() + frame.height());
        }

        private static int number(byte[] file, int at) {
            return file[at] & 0xFF | (file[at + 1] & 0xFF) << 8;
        }
    }

    @Override
    public long samples() {
        return (long) width() * height();
    }

    @Override
    long bitsPerPixel() {
        return frame.covers(width(), height()) ? frameBits : frameBits + 8L * Picture.CHANNELS;
    }

    /** Rows of the frame, and the table of the codes. */
    @Override
    long readerBytes(int step) {
        return 4L * width() + 65_536;
    }

    @Override
    public Picture read(int step) throws IOException, UndecodableException {
        if (frame.width() == 0 || frame.height() == 0) {
            throw UndecodableException.broken("a GIF with a frame of " + frame.width() + " × " + frame.height() + " pixels");
        }
        return frame.onCanvas(width(), height(), step,
                (x, y) -> Samples.rgb(decoded(step, x, y), null));
    }
}
