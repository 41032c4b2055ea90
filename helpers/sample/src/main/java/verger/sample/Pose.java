package verger.sample;

/** How a fruit is turned in front of the camera. */
final class Pose {
    private final Vec right;
    private final Vec up;
    private final Vec front;

    private Pose(Vec right, Vec up, Vec front) {
        this.right = right;
        this.up = up;
        this.front = front;
    }

    /** Standing straight, its front to the camera. */
    static final Pose STRAIGHT = new Pose(new Vec(1, 0, 0), new Vec(0, 1, 0), new Vec(0, 0, 1));

    /** Then turned about the vertical axis, in degrees. */
    Pose yaw(double degrees) {
        double c = Maths.cos(StrictMath.toRadians(degrees));
        double s = Maths.sin(StrictMath.toRadians(degrees));
        return new Pose(right.times(c).plus(front.times(s)), up, front.times(c).minus(right.times(s)));
    }

    /** Then tipped towards the camera (its top comes into view), in degrees. */
    Pose pitch(double degrees) {
        double c = Maths.cos(StrictMath.toRadians(degrees));
        double s = Maths.sin(StrictMath.toRadians(degrees));
        return new Pose(right, up.times(c).minus(front.times(s)), front.times(c).plus(up.times(s)));
    }

    /** Then leant to the left in the picture, in degrees. */
    Pose roll(double degrees) {
        double c = Maths.cos(StrictMath.toRadians(degrees));
        double s = Maths.sin(StrictMath.toRadians(degrees));
        return new Pose(right.times(c).minus(up.times(s)), up.times(c).plus(right.times(s)), front);
    }

    /** A direction of the studio, as the turned fruit sees it. */
    Vec seen(Vec v) {
        return right.times(v.x()).plus(up.times(v.y())).plus(front.times(v.z()));
    }
}
