package verger.images.decoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A BMP, by the JDK's reader, whose numbers are compared with the file before it makes arrays of them. */
final class BmpPicture extends ReaderPicture {

    private static final int FILE_HEADER = 14;
    private static final int CORE = 12;
    private static final int INFO = 40;
    private static final int LARGEST = 124;
    private static final int EMBEDDED = 0x4D424544;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int JPEG = 4;
    private static final int PNG = 5;

    private final byte[] file;
    private final int bits;
    private final long packed;
    private final long bitsPerPixel;

    private BmpPicture(byte[] file, int width, int height, int bits, long packed) throws IOException {
        super(JdkReaders.of("bmp"), new Slices().add(file), width, height, true);
        this.file = file;
        this.bits = bits;
        this.packed = packed;
        this.bitsPerPixel = bitsPerPixel(reader());
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = in.getInt(FILE_HEADER);
        if (file.length < FILE_HEADER + header) {
            throw UndecodableException.truncated();
        }
        if (header == CORE) {
            return new BmpPicture(file, in.getShort(18) & 0xFFFF, in.getShort(20) & 0xFFFF, in.getShort(24), offset(in, file));
        }
        int compression = in.getInt(30);
        if (compression == JPEG || compression == PNG) {
            throw UndecodableException.unsupported("a BMP that holds a JPEG or a PNG; save it as one of them");
        }
        long packed = offset(in, file);
        if (compression == RLE8 || compression == RLE4) {
            long size = in.getInt(34) & 0xFFFFFFFFL;
            packed = size == 0 ? (in.getInt(2) & 0xFFFFFFFFL) - packed : size;
            check(packed, file, "bytes of pixels");
            packed += 2L * in.getInt(18) * Math.abs((long) in.getInt(22));
        }
        check(in.getInt(46) & 0xFFFFFFFFL, file, "colours");
        return new BmpPicture(file, in.getInt(18), Math.abs(in.getInt(22)), in.getShort(28), packed);
    }

    /** The palette is read up to where the pixels begin. */
    private static long offset(ByteBuffer in, byte[] file) throws UndecodableException {
        long offset = in.getInt(10) & 0xFFFFFFFFL;
        check(offset, file, "bytes before its pixels");
        return offset;
    }

    private static void check(long number, byte[] file, String of) throws UndecodableException {
        if (number < 0 || number > file.length) {
            throw UndecodableException.broken("a BMP of " + file.length + " bytes that speaks of " + number + " " + of);
        }
    }

    /** Says whether a file that begins with {@code BM} goes on as a BMP does: a text about BMWs does not. */
    static boolean isBmp(ByteBuffer head) {
        int header = head.remaining() < FILE_HEADER + 4 ? 0 : Integer.reverseBytes(head.getInt(FILE_HEADER));
        return header == CORE || header >= INFO && header <= LARGEST;
    }

    /** Only the largest header, version 5, has a profile, and says where it lies behind itself. */
    @Override
    byte[] profile() {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt(FILE_HEADER) != LARGEST || in.getInt(70) != EMBEDDED) {
            return null;
        }
        long from = FILE_HEADER + (in.getInt(126) & 0xFFFFFFFFL);
        long length = in.getInt(130) & 0xFFFFFFFFL;
        return length > Colours.MAX_PROFILE || from + length > file.length
                ? null : Arrays.copyOfRange(file, (int) from, (int) (from + length));
    }

    @Override
    public long samples() {
        return (long) width() * height() * Math.max(1, bits / 8);
    }

    @Override
    long bitsPerPixel() {
        return bitsPerPixel;
    }

    @Override
    long readerBytes(int step) {
        return packed + 4 * ((long) width() * Math.max(8, bits) / 8 + 16);
    }
}
