package verger.images.decoding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Picture files made byte by byte, as no writer makes them. */
final class MadeFiles {

    private MadeFiles() {
    }

    /**
     * A JPEG in one even grey, of which each block takes two bits or one for each scan.
     *
     * @param sampling of the first component; the others have 1 × 1
     * @param scans    0 for a baseline picture, or the scans of a progressive one
     */
    static byte[] jpeg(int width, int height, int components, int sampling, int scans) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(jpegHead(width, height, components, sampling, scans > 0));
        long mcus = (long) ceil(width, 8 * sampling) * ceil(height, 8 * sampling);
        long blocks = mcus * (sampling * sampling + components - 1);
        if (scans == 0) {
            scan(out, components, 0, 63, 2 * blocks);
        }
        for (int scan = 0; scan < scans; scan++) {
            if (scan == 0) {
                scan(out, components, 0, 0, blocks);
            } else {
                scan(out, 1, 1, 63, (long) ceil(width, 8) * ceil(height, 8));
            }
        }
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
        return out.toByteArray();
    }

    static byte[] jpegHead(int width, int height, int components, int sampling, boolean progressive) {
        ByteBuffer head = ByteBuffer.allocate(1000).put(new byte[] {(byte) 0xFF, (byte) 0xD8});
        head.put(segment(0xE0, new byte[] {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0}));
        byte[] table = new byte[65];
        java.util.Arrays.fill(table, 1, 65, (byte) 1);
        head.put(segment(0xDB, table));
        ByteBuffer frame =
                ByteBuffer.allocate(6 + 3 * components).put((byte) 8).putShort((short) height).putShort((short) width)
                        .put((byte) components);
        for (int c = 0; c < components; c++) {
            frame.put((byte) (c + 1)).put((byte) (c == 0 ? sampling * 17 : 0x11)).put((byte) 0);
        }
        head.put(segment(progressive ? 0xC2 : 0xC0, frame.array()));
        for (int kind : new int[] {0x00, 0x10}) { // one code of one bit, 0, for "no difference" and "end of block"
            byte[] huffman = new byte[18];
            huffman[0] = (byte) kind;
            huffman[1] = 1;
            head.put(segment(0xC4, huffman));
        }
        byte[] made = new byte[head.position()];
        head.flip().get(made);
        return made;
    }

    private static void scan(ByteArrayOutputStream out, int components, int from, int to, long bits) {
        byte[] scan = new byte[4 + 2 * components];
        scan[0] = (byte) components;
        for (int c = 0; c < components; c++) {
            scan[1 + 2 * c] = (byte) (c + 1);
        }
        scan[1 + 2 * components] = (byte) from;
        scan[2 + 2 * components] = (byte) to;
        out.writeBytes(segment(0xDA, scan));
        out.writeBytes(new byte[(int) ((bits + 7) / 8)]);
    }

    static byte[] segment(int marker, byte[] content) {
        return ByteBuffer.allocate(4 + content.length).put((byte) 0xFF).put((byte) marker)
                .putShort((short) (2 + content.length))
                .put(content).array();
    }

    /** Puts segments before all others. */
    static byte[] withSegments(byte[] jpeg, byte[]... segments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        for (byte[] segment : segments) {
            out.writeBytes(segment);
        }
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    /** A profile in one segment. */
    static byte[] profile(byte[] icc) {
        return segment(0xE2, ByteBuffer.allocate(14 + icc.length).put("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1).put((byte) 1).put(icc).array());
    }

    /** The Exif of an orientation, as type 3 (SHORT) or 4 (LONG). */
    static byte[] exif(int orientation, int type, ByteOrder order) {
        ByteBuffer tiff = ByteBuffer.allocate(26).order(order)
                .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42).putInt(8).putShort((short) 1).putShort((short) 274).putShort((short) type).putInt(1);
        return (type == 4 ? tiff.putInt(orientation) : tiff.putShort((short) orientation).putShort((short) 0)).putInt(0)
                .array();
    }

    /** A TIFF of the tags, each with one number or, where {@code data} is given for it, with the place of the data. */
    static byte[] tiff(byte[] strip, int... tagsAndNumbers) {
        List<int[]> tags = new ArrayList<>();
        for (int i = 0; i < tagsAndNumbers.length; i += 2) {
            tags.add(new int[] {tagsAndNumbers[i], tagsAndNumbers[i + 1]});
        }
        int data = 8 + 2 + 12 * (tags.size() + 2) + 4;
        tags.add(new int[] {273, data});
        tags.add(new int[] {279, strip.length});
        tags.sort((a, b) -> Integer.compare(a[0], b[0]));
        ByteBuffer file = ByteBuffer.allocate(data + strip.length).order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) tags.size());
        for (int[] tag : tags) {
            // LONG for sizes and places; the JDK's reader passes over other tags that are no SHORT.
            boolean isLong = tag[0] <= 257 || tag[0] == 273 || tag[0] == 278 || tag[0] == 279 || tag[0] == 322 || tag[0] == 323;
            file.putShort((short) tag[0]).putShort((short) (isLong ? 4 : 3)).putInt(1).putInt(tag[1]);
        }
        return file.putInt(0).put(strip).array();
    }

    static byte[] png(int width, int height, int bits, int type, byte[]... chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        out.writeBytes(chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height)
                .put(new byte[] {(byte) bits, (byte) type, 0, 0, 0}).array()));
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    static byte[] chunk(String name, byte[] data) {
        ByteBuffer body = ByteBuffer.allocate(4 + data.length).put(name.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(body.array());
        return ByteBuffer.allocate(4 + body.capacity() + 4).putInt(data.length).put(body.array()).putInt((int) crc.getValue())
                .array();
    }

    /** A BMP of 24 bits in black. */
    static byte[] bmp(int width, int height, int compression, int held) {
        return ByteBuffer.allocate(54 + held).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M').putInt(54 + held)
                .putInt(0).putInt(54).putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) 24)
                .putInt(compression).putInt(0).array();
    }

    /** A file of chunks as a WebP is. */
    static byte[] riff(byte[]... chunks) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            body.writeBytes(chunk);
        }
        return ByteBuffer.allocate(12 + body.size()).order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + body.size())
                .put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(body.toByteArray()).array();
    }

    static byte[] riffChunk(String name, byte[] content) {
        return ByteBuffer.allocate(8 + content.length + content.length % 2).order(ByteOrder.LITTLE_ENDIAN)
                .put(name.getBytes(StandardCharsets.US_ASCII)).putInt(content.length).put(content).array();
    }

    /** A lossless WebP written by RFC 9649: no transforms, eight bits for each sample. */
    static byte[] webpPixels(int width, int height, int[] argb) {
        Bits bits = new Bits();
        bits.put(0x2f, 8);
        bits.put(width - 1, 14);
        bits.put(height - 1, 14);
        bits.put(1, 1);
        bits.put(0, 3);
        bits.put(0, 3); // no transform, no cache of colours, no groups of codes
        bits.literals(280);
        for (int i = 0; i < 3; i++) {
            bits.literals(256);
        }
        bits.put(0b0001, 4); // a distance: simple, one symbol, of one bit, 0
        for (int pixel : argb) {
            for (int shift : new int[] {8, 16, 0, 24}) {
                bits.put(Integer.reverse(pixel >> shift & 0xFF) >>> 24, 8);
            }
        }
        return bits.bytes();
    }

    /** A lossy WebP (RFC 6386) of zeros, which say: no residues, all blocks predicted by their mean. */
    static byte[] webpLossy(int width, int height, int bytesOfModes, int bytesOfTokens) {
        ByteBuffer frame = ByteBuffer.allocate(10 + bytesOfModes + bytesOfTokens).order(ByteOrder.LITTLE_ENDIAN);
        int tag = 1 << 4 | bytesOfModes << 5;
        frame.put((byte) tag).put((byte) (tag >> 8)).put((byte) (tag >> 16)).put(new byte[] {(byte) 0x9d, 1, 0x2a})
                .putShort((short) width).putShort((short) height);
        return riff(riffChunk("VP8 ", frame.array()));
    }

    private static final class Bits {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int pending;
        private int count;

        void put(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                pending |= (value >> i & 1) << count;
                if (++count == 8) {
                    out.write(pending);
                    pending = 0;
                    count = 0;
                }
            }
        }

        /** The first 256 symbols have eight bits, the rest none. */
        void literals(int symbols) {
            put(0, 1);
            put(8, 4); // twelve lengths of lengths, in the order 17 18 0 1 2 3 4 5 16 6 7 8
            for (int i = 0; i < 12; i++) {
                put(i == 2 || i == 11 ? 1 : 0, 3);
            }
            put(0, 1);
            for (int i = 0; i < symbols; i++) {
                put(i < 256 ? 1 : 0, 1);
            }
        }

        byte[] bytes() {
            while (count > 0) {
                put(0, 1);
            }
            return out.toByteArray();
        }
    }

    private static int ceil(int number, int by) {
        return (number + by - 1) / by;
    }
}
