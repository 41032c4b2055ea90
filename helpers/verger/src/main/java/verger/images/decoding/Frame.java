package verger.images.decoding;

import java.io.IOException;
import java.util.Arrays;

/** Where the part of a picture lies that a file holds. */
record Frame(int x, int y, int width, int height) {

    /** Reads the pixels of the frame from one on. */
    interface Reading {
        Picture from(int x, int y) throws IOException, UndecodableException;
    }

    boolean covers(int canvasWidth, int canvasHeight) {
        return x == 0 && y == 0 && width == canvasWidth && height == canvasHeight;
    }

    /** Lays the frame on a white canvas, of which every {@code step}th pixel is wanted. */
    Picture onCanvas(int canvasWidth, int canvasHeight, int step, Reading reading) throws IOException, UndecodableException {
        int offset = PictureFile.offset(step);
        if (covers(canvasWidth, canvasHeight)) {
            return reading.from(offset, offset);
        }
        int wide = PictureFile.kept(canvasWidth, step);
        int high = PictureFile.kept(canvasHeight, step);
        byte[] rgb = new byte[wide * high * Picture.CHANNELS];
        Arrays.fill(rgb, (byte) 255);
        int left = first(x, step);
        int top = first(y, step);
        int fromX = left * step + offset - x;
        int fromY = top * step + offset - y;
        if (fromX < width && fromY < height) {
            Picture part = reading.from(fromX, fromY);
            int columns = Math.min(part.width(), wide - left);
            for (int row = 0; row < Math.min(part.height(), high - top); row++) {
                System.arraycopy(part.rgb(), row * part.width() * Picture.CHANNELS, rgb,
                        ((top + row) * wide + left) * Picture.CHANNELS, columns * Picture.CHANNELS);
            }
        }
        return new Picture(wide, high, rgb);
    }

    /** The first pixel that is wanted and lies at {@code start} or behind it. */
    private static int first(int start, int step) {
        int offset = PictureFile.offset(step);
        return start <= offset ? 0 : (start - offset + step - 1) / step;
    }
}
