package verger.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Where the camera, at +z of the studio, is for the turned fruit. */
class PoseTest {
    private static final Vec CAMERA = new Vec(0, 0, 1);

    @Test
    void aFruitTippedTowardsTheCameraShowsItsTop() {
        assertVec(Pose.STRAIGHT.pitch(90).seen(CAMERA), 0, 1, 0);
    }

    @Test
    void aFruitTurnedAQuarterShowsItsSide() {
        assertVec(Pose.STRAIGHT.yaw(90).seen(CAMERA), -1, 0, 0);
    }

    @Test
    void leaningMovesTheTopAndNotTheView() {
        Pose leaning = Pose.STRAIGHT.roll(90);

        assertVec(leaning.seen(CAMERA), 0, 0, 1);
        assertVec(leaning.seen(new Vec(-1, 0, 0)), 0, 1, 0);
    }

    private static void assertVec(Vec v, double x, double y, double z) {
        assertThat(v.x()).isCloseTo(x, within(1e-12));
        assertThat(v.y()).isCloseTo(y, within(1e-12));
        assertThat(v.z()).isCloseTo(z, within(1e-12));
    }
}
