package verger.images;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads how a camera was held from the orientation tag of a JPEG (Exif 2.32, tag 0x0112), which ImageIO ignores. */
final class ExifOrientation {

    /** The picture is stored as it is seen: rows from the top, columns from the left. */
    static final int UPRIGHT = 1;

    private static final int APP1 = 0xFFE1;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final int TAG = 0x0112;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private ExifOrientation() {
    }

    /** Returns the orientation, 1 to 8, or {@link #UPRIGHT} where the file gives none. */
    static int of(byte[] file) {
        try {
            ByteBuffer in = ByteBuffer.wrap(file);
            if (in.getShort() != (short) 0xFFD8) {
                return UPRIGHT;
            }
            while (true) {
                int marker = in.getShort() & 0xFFFF;
                if (marker < 0xFFC0 || marker == START_OF_SCAN) {
                    return UPRIGHT;
                }
                int end = in.position() + (in.getShort() & 0xFFFF);
                if (marker == APP1 && isExif(in)) {
                    return ofTiff(in.slice(in.position() + EXIF.length, end - in.position() - EXIF.length));
                }
                in.position(end);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            return UPRIGHT; // a broken tag does not make a broken picture
        }
    }

    private static boolean isExif(ByteBuffer in) {
        return in.remaining() >= EXIF.length && in.slice(in.position(), EXIF.length).equals(ByteBuffer.wrap(EXIF));
    }

    private static int ofTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if ((tiff.getShort(entry) & 0xFFFF) == TAG) {
                int orientation = tiff.getShort(entry + 8);
                return orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** Says whether rows and columns change places. */
    static boolean isTurned(int orientation) {
        return orientation >= 5;
    }

    /** Turns a picture that is stored in an orientation to the one that a person saw. */
    static RgbImage applied(int orientation, RgbImage image) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean turned = isTurned(orientation);
        boolean mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int width = turned ? image.height() : image.width();
        int height = turned ? image.width() : image.height();
        byte[] rgb = new byte[width * height * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = turned ? y : x;
                int row = turned ? x : y;
                int fromX = mirrored ? image.width() - 1 - column : column;
                int fromY = flipped ? image.height() - 1 - row : row;
                for (int c = 0; c < RgbImage.CHANNELS; c++) {
                    rgb[at++] = (byte) image.sample(fromX, fromY, c);
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }
}
