package verger.images;

/**
 * Bilinear resampling with pixel centres at half coordinates and, where the image shrinks, a support that grows with it.
 *
 * <p>The arithmetic is that of Pillow's {@code Image.resize(…, BILINEAR)}, in fixed point with rounding to 8 bits after
 * each of the two passes, so that features computed here and by a Python pipeline start from the same pixels.
 */
final class Bilinear {

    /** Pillow's PRECISION_BITS: 32 bits less 8 of the sample and 2 for overshoot. */
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private Bilinear() {
    }

    static byte[] resize(byte[] rgb, int width, int height, int newWidth, int newHeight) {
        byte[] wide = newWidth == width ? rgb : resizeRows(rgb, width, height, newWidth);
        return newHeight == height ? wide : resizeColumns(wide, newWidth, height, newHeight);
    }

    private static byte[] resizeRows(byte[] rgb, int width, int height, int newWidth) {
        Coefficients weights = new Coefficients(width, newWidth);
        byte[] out = new byte[newWidth * height * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < height; y++) {
            int row = y * width * RgbImage.CHANNELS;
            for (int x = 0; x < newWidth; x++) {
                int from = row + weights.first[x] * RgbImage.CHANNELS;
                for (int c = 0; c < RgbImage.CHANNELS; c++) {
                    out[at++] = weighted(rgb, from + c, RgbImage.CHANNELS, weights.of[x]);
                }
            }
        }
        return out;
    }

    private static byte[] resizeColumns(byte[] rgb, int width, int height, int newHeight) {
        Coefficients weights = new Coefficients(height, newHeight);
        int stride = width * RgbImage.CHANNELS;
        byte[] out = new byte[stride * newHeight];
        int at = 0;
        for (int y = 0; y < newHeight; y++) {
            int from = weights.first[y] * stride;
            for (int i = 0; i < stride; i++) {
                out[at++] = weighted(rgb, from + i, stride, weights.of[y]);
            }
        }
        return out;
    }

    private static byte weighted(byte[] samples, int from, int step, int[] weights) {
        int sum = 1 << (PRECISION_BITS - 1);
        int at = from;
        for (int weight : weights) {
            sum += (samples[at] & 0xff) * weight;
            at += step;
        }
        return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
    }

    /** For each new sample, the first old sample that counts and the weights from there on. */
    private static final class Coefficients {

        final int[] first;
        final int[][] of;

        Coefficients(int size, int newSize) {
            first = new int[newSize];
            of = new int[newSize][];
            double scale = (double) size / newSize;
            double support = Math.max(scale, 1.0);
            for (int i = 0; i < newSize; i++) {
                double centre = (i + 0.5) * scale;
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(size, (int) (centre + support + 0.5));
                first[i] = from;
                of[i] = normalized(from, to, centre, support);
            }
        }

        private static int[] normalized(int from, int to, double centre, double support) {
            double[] weights = new double[to - from];
            double sum = 0;
            for (int j = 0; j < weights.length; j++) {
                weights[j] = Math.max(0, 1 - Math.abs((j + from - centre + 0.5) / support));
                sum += weights[j];
            }
            int[] fixed = new int[weights.length];
            for (int j = 0; j < weights.length; j++) {
                fixed[j] = (int) (weights[j] / sum * (1 << PRECISION_BITS) + 0.5);
            }
            return fixed;
        }
    }
}
