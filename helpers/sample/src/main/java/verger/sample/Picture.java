package verger.sample;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One picture of the sample.
 *
 * @param fruit    what it shows
 * @param test     whether it belongs to Test rather than Training
 * @param tumbling whether it is of the r_ series, in which the fruit rolls
 * @param angle    how far the fruit is turned, in degrees
 */
record Picture(Fruit fruit, boolean test, boolean tumbling, int angle) {
    private static final int[] TRAINING = {0, 29, 61, 92, 118, 151, 182, 210, 239, 272, 301, 330};
    private static final int[] TEST = {45, 166, 287};

    /** All pictures: of each fruit 24 for Training and 6 for Test, none of them from the same angle. */
    static List<Picture> all() {
        List<Picture> all = new ArrayList<>();
        for (Fruit fruit : Basket.all()) {
            for (boolean tumbling : new boolean[] {false, true}) {
                for (int angle : TRAINING) {
                    all.add(new Picture(fruit, false, tumbling, angle));
                }
                for (int angle : TEST) {
                    all.add(new Picture(fruit, true, tumbling, angle));
                }
            }
        }
        return all;
    }

    /** Its place below the folder of the sample, in the layout and with the names of Fruits-360. */
    Path path() {
        return Path.of(test ? "Test" : "Training", fruit.name(), (tumbling ? "r_" : "") + angle + "_100.jpg");
    }

    /** Draws it; the hand that holds fruit and camera is never quite still, but always in the same way. */
    BufferedImage render() {
        int seed = (fruit.name() + tumbling + angle).hashCode();
        double a = Noise.hash(seed, 0, 1, 8) - 0.5;
        double b = Noise.hash(seed, 0, 2, 8) - 0.5;
        Pose pose = tumbling
                ? Pose.STRAIGHT.yaw(70).roll(90 - fruit.tumble()).pitch(angle).roll(8 * a).pitch(10 + 6 * b)
                : Pose.STRAIGHT.yaw(angle).roll(fruit.lean() + 5 * a).pitch(14 + 8 * b);
        return new Renderer(fruit, pose, seed).render();
    }
}
