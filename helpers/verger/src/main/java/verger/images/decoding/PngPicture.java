package verger.images.decoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
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
    private static final int TEXT = 0x74455874;
    private static final int PACKED_TEXT = 0x7a545874;
    private static final int LANGUAGE_TEXT = 0x69545874;
    private static final int CRUSHED = 0x43674249;
    /** Programs write the chunks of pixels one behind the other. */
    private static final int MAX_PARTS = 10_000;
    /** The text by which ImageMagick kept Exif before PNG had a chunk for it: a line each of nothing, name and length, then hex. */
    private static final byte[] EXIF_TEXT = "Raw profile type exif\0".getBytes(StandardCharsets.US_ASCII);
    /** Exif has 64 kB, as in JPEG; in hex that is twice as much. */
    private static final int MAX_EXIF_TEXT = 140_000;

    private final Chunks chunks;
    private final int orientation;

    private PngPicture(Chunks chunks) throws IOException {
        super(JdkReaders.of("png"), chunks.kept, chunks.width, chunks.height, false);
        this.chunks = chunks;
        this.orientation = chunks.orientation();
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        return new PngPicture(new Chunks(file));
    }

    /** What the chunks say. */
    private static final class Chunks {

        final Slices kept = new Slices();
        private final byte[] file;
        int width;
        int height;
        int bits;
        boolean deep;
        private boolean grey;
        boolean transparent;
        private int profile;
        private int profileEnd;
        private int exif;
        private int exifBytes;
        /** The kind of the chunk, where what follows the name begins, and where it ends. */
        private int[] exifText;
        boolean cut = true;

        Chunks(byte[] file) throws UndecodableException {
            this.file = file;
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
                if (type == TRANSPARENCY && grey && bits < 8 && length == 2) {
                    kept.add(transparentGrey(in.getShort(at + 8)));
                } else if (type == IHDR || type == PLTE || type == TRANSPARENCY || type == IDAT || type == IEND) {
                    kept.add(file, at, end);
                }
                if (kept.count() > MAX_PARTS) {
                    throw UndecodableException
                            .broken("a PNG whose pixels lie in more than " + MAX_PARTS + " parts; save it again");
                }
                if (!whole) {
                    return;
                }
                read(type, in, at + 8, length);
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

        /** The reader looks for it in samples that it has brought to eight bits. */
        private byte[] transparentGrey(int number) {
            int most = (1 << bits) - 1;
            ByteBuffer chunk =
                    ByteBuffer.allocate(14).putInt(2).putInt(TRANSPARENCY).putShort((short) ((number & most) * 255 / most));
            CRC32 sum = new CRC32();
            sum.update(chunk.array(), 4, 6);
            return chunk.putInt((int) sum.getValue()).array();
        }

        private void read(int type, ByteBuffer in, int from, int length) {
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
                grey = in.get(from + 9) == 0;
            } else if (type == TRANSPARENCY) {
                transparent = true;
            } else if (type == PROFILE) {
                profile = from;
                profileEnd = from + length;
            } else if (type == EXIF) {
                exif = from;
                exifBytes = length;
            } else if ((type == TEXT || type == PACKED_TEXT || type == LANGUAGE_TEXT) && length > EXIF_TEXT.length
                    && Arrays.equals(file, from, from + EXIF_TEXT.length, EXIF_TEXT, 0, EXIF_TEXT.length)) {
                exifText = new int[] {type, from + EXIF_TEXT.length, from + length};
            }
        }

        /** As Pillow has it: the chunk counts before the text. */
        int orientation() {
            if (exif > 0) {
                return TiffDirectory.orientation(file, exif, exifBytes);
            }
            if (exifText == null) {
                return Orientation.UPRIGHT;
            }
            int at = exifText[1];
            int to = exifText[2];
            boolean packed = exifText[0] == PACKED_TEXT || exifText[0] == LANGUAGE_TEXT && file[at] == 1;
            if (exifText[0] == PACKED_TEXT) {
                at++; // the method
            } else if (exifText[0] == LANGUAGE_TEXT) {
                at = behindZero(behindZero(at + 2, to), to); // flag, method, language, the name in it
            }
            byte[] text =
                    packed ? inflated(at, to, MAX_EXIF_TEXT) : Arrays.copyOfRange(file, at, Math.min(to, at + MAX_EXIF_TEXT));
            String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", 4);
            String hex = lines[lines.length - 1].replaceAll("\\s", "");
            try {
                byte[] bytes = HexFormat.of().parseHex(hex.substring(0, hex.length() / 2 * 2));
                return TiffDirectory.orientation(bytes, 0, bytes.length);
            } catch (IllegalArgumentException e) {
                return Orientation.UPRIGHT;
            }
        }

        private int behindZero(int from, int to) {
            int at = from;
            while (at < to && file[at] != 0) {
                at++;
            }
            return Math.min(at + 1, to);
        }

        /** The profile behind its name and the byte of its method; null for none, one that is damaged, or too large to be one. */
        byte[] profile() {
            byte[] whole = profile == 0 ? new byte[0]
                    : inflated(Math.min(behindZero(profile, profileEnd) + 1, profileEnd), profileEnd, Colours.MAX_PROFILE + 1);
            return whole.length == 0 || whole.length > Colours.MAX_PROFILE ? null : whole;
        }

        /** What a part unpacks to, {@code most} bytes at most; nothing if it is damaged or cut. */
        private byte[] inflated(int from, int to, int most) {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(file, from, to - from);
                byte[] made = new byte[(int) Math.min(most, 1032L * (to - from))];
                int length = 0;
                while (!inflater.finished() && length < made.length) {
                    int more = inflater.inflate(made, length, made.length - length);
                    if (more == 0 && !inflater.finished()) {
                        return new byte[0];
                    }
                    length += more;
                }
                return Arrays.copyOf(made, length);
            } catch (DataFormatException e) {
                return new byte[0];
            } finally {
                inflater.end();
            }
        }
    }

    @Override
    public int orientation() {
        return orientation;
    }

    @Override
    byte[] profile() {
        return chunks.profile();
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
