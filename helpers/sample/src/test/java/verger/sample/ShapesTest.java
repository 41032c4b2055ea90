package verger.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Distances worked out by hand. */
class ShapesTest {

    @Test
    void distanceToABall() {
        assertThat(Shapes.sphere(0, 3, 4, 2)).isEqualTo(3);
        assertThat(Shapes.sphere(0, 0, 0, 2)).isEqualTo(-2);
    }

    @Test
    void anEllipsoidIsAtItsHalfAxes() {
        assertThat(Shapes.ellipsoid(3, 0, 0, 3, 2, 1)).isCloseTo(0, within(1e-12));
        assertThat(Shapes.ellipsoid(0, -2, 0, 3, 2, 1)).isCloseTo(0, within(1e-12));
        assertThat(Shapes.ellipsoid(0, 0, 0, 3, 2, 1)).isEqualTo(-1);
    }

    @Test
    void aConeHasBallsAtItsEndsAndAStraightSlope() {
        assertThat(Shapes.cone(0, -5, -1, 1, 1, 0.5)).isCloseTo(3, within(1e-12));
        assertThat(Shapes.cone(0, 4, -1, 1, 1, 0.5)).isCloseTo(2.5, within(1e-12));
        // Equal balls make a cylinder.
        assertThat(Shapes.cone(3, 0.2, -1, 1, 1, 1)).isCloseTo(2, within(1e-12));
    }

    @Test
    void anAppleHasADimpleAtItsPole() {
        double pole = Math.sqrt(0.66 * 0.66 - 0.4 * 0.4);

        assertThat(Shapes.apple(0, pole, 0.4, 0.66)).isCloseTo(0, within(1e-12));
        assertThat(Shapes.apple(0.4, 0.66, 0.4, 0.66)).isCloseTo(0, within(1e-12));
        assertThat(pole).isLessThan(0.66);
    }

    @Test
    void blendingFarSolidsIsTheirUnionAndFillsTheSeamOfNearOnes() {
        assertThat(Shapes.blend(1, 5, 0.3)).isEqualTo(1);
        assertThat(Shapes.blend(1, 1, 0.4)).isCloseTo(0.9, within(1e-12));
        assertThat(Shapes.common(1, 5, 0.3)).isEqualTo(5);
    }
}
