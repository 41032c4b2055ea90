package verger.images.decoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A PNG, by the JDK's reader, which gets the chunks that make pixels and no text that could unpack to gigabytes. */
final class PngPicture extends ReaderPicture {

    private static final int SIGNATURE = 8;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504c5445;
    private static final int TRANSPARENCY = 0x74524e53;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;
    private static final int PROFILE = 0x69434350;
    private static final int EXIF = 0x65584966;
    private static final int CRUSHED = 0x43674249;
    /** The largest profiles, those of presses, have two or three megabytes. */
    private static final int MAX_PROFILE = 4 << 20;

    private final Chunks chunks;

    private PngPicture(Chunks chunks) throws IOException {
        super(JdkReaders.of("png"), chunks.kept, chunks.width, chunks.height, false);
        this.chunks = chunks;
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        return new PngPicture(new Chunks(file));
    }

    /** What the chunks say. */
    private static final class Chunks {

        final Slices kept = new Slices();
        int width;
        int height;
        int bits;
        boolean deep;
        boolean transparent;
        byte[] profile;
        int orientation = Orientation.UPRIGHT;
        boolean cut = true;

        Chunks(byte[] file) throws UndecodableException {
            ByteBuffer in = ByteBuffer.wrap(file);
            kept.add(file, 0, SIGNATURE);
            int at = SIGNATURE;
            boolean first = true;
            while (file.length - at >= 12) {
                int length = in.getInt(at);
                int type = in.getInt(at + 4);
                if (first && type == CRUSHED) {
                    throw UndecodableException
                            .unsupported("a PNG that Xcode made for an iPhone; take the one it was made from");
                }
                if (first && (type != IHDR || length != 13)) {
                    throw UndecodableException.broken("a PNG that does not begin with its size");
                }
                first = false;
                boolean whole = length >= 0 && length <= file.length - at - 12;
                int end = whole ? at + 12 + length : file.length;
                if (type == IHDR || type == PLTE || type == TRANSPARENCY || type == IDAT || type == IEND) {
                    kept.add(file, at, end);
                }
                if (!whole) {
                    return;
                }
                read(type, file, in, at + 8, length);
                at = end;
                if (type == IEND) {
                    cut = false;
                    return;
                }
            }
            if (first) {
                throw UndecodableException.truncated();
            }
        }

        private void read(int type, byte[] file, ByteBuffer in, int from, int length) {
            if (type == IHDR) {
                width = in.getInt(from);
                height = in.getInt(from + 4);
                int channels = switch (in.get(from + 9)) {
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> 1;
                };
                bits = channels * in.get(from + 8);
                deep = in.get(from + 8) == 16;
            } else if (type == TRANSPARENCY) {
                transparent = true;
            } else if (type == PROFILE) {
                profile = inflated(file, from, from + length);
            } else if (type == EXIF) {
                orientation = TiffDirectory.orientation(file, from, length);
            }
        }

        /** Returns the profile behind its name, or null for one that is damaged or too large to be one. */
        private static byte[] inflated(byte[] file, int from, int to) {
            int at = from;
            while (at < to && file[at] != 0) {
                at++;
            }
            if (to - at < 3) {
                return null;
            }
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(file, at + 2, to - at - 2);
                byte[] profile = new byte[(int) Math.min(MAX_PROFILE, 1032L * (to - at))];
                int length = 0;
                while (!inflater.finished() && length < profile.length) {
                    int more = inflater.inflate(profile, length, profile.length - length);
                    if (more == 0) {
                        return null;
                    }
                    length += more;
                }
                return inflater.finished() ? Arrays.copyOf(profile, length) : null;
            } catch (DataFormatException e) {
                return null;
            } finally {
                inflater.end();
            }
        }
    }

    @Override
    public int orientation() {
        return chunks.orientation;
    }

    @Override
    byte[] profile() {
        return chunks.profile;
    }

    @Override
    public boolean isCut() {
        return chunks.cut;
    }

    @Override
    public long samples() {
        return (long) width() * height() * Math.max(1, chunks.bits / 8);
    }

    @Override
    long bitsPerPixel() {
        int channels = Math.max(1, chunks.bits / (chunks.deep ? 16 : 8)) + (chunks.transparent ? 1 : 0);
        return channels * (chunks.deep ? 16L : 8L);
    }

    /** The row, the one before, both as they are unpacked and as they are read. */
    @Override
    long readerBytes(int step) {
        return 4 * ((long) width() * Math.max(8, chunks.bits) / 8 + 16);
    }
}
