package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/** Compares rows of numbers, and makes up pixels. */
public final class Arrays2D {

    private Arrays2D() {
    }

    /** Pixels in the range of a normalized image. */
    public static float[] pixels(int count, int size) {
        Random random = new Random(5);
        float[] pixels = new float[count * 3 * size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian() * 50;
        }
        return pixels;
    }

    /** The largest difference, as a part of the largest expected number. */
    public static double relativeDifference(float[][] actual, float[][] expected) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                difference = Math.max(difference, Math.abs(actual[i][j] - expected[i][j]));
                largest = Math.max(largest, Math.abs(expected[i][j]));
            }
        }
        assertThat(largest).as("largest expected number").isGreaterThan(0).isFinite();
        return difference / largest;
    }
}
