package verger.sample;

/**
 * The light: a large softbox up left, a weaker one on the right, a strip behind, white card all round.
 * Each picture moves and dims them a little, as a photographer's day does.
 */
final class Studio {
    private final Lamp key;
    private final Lamp fill;
    private final Lamp rim;
    private final double card;
    private final Vec up;

    /** @param seed from which each picture's small differences come */
    Studio(Pose pose, int seed) {
        double a = Noise.hash(seed, 1, 0, 7) - 0.5;
        double b = Noise.hash(seed, 2, 0, 7) - 0.5;
        double c = Noise.hash(seed, 3, 0, 7) - 0.5;
        double warm = 1 + 0.05 * (Noise.hash(seed, 4, 0, 7) - 0.5);
        Colour white = new Colour(1.0 * warm, 0.985, 0.95 / warm);
        double power = 1 + 0.14 * c;
        key = new Lamp(pose, new Vec(-0.55 + 0.45 * a, 0.75 + 0.3 * b, 0.75), white.times(0.95 * power), 0.30, 0.22);
        fill = new Lamp(pose, new Vec(0.95, 0.25 + 0.2 * a, 0.45), new Colour(0.93, 0.97, 1.0).times(0.20), 0.10, 0.34);
        rim = new Lamp(pose, new Vec(0.45, 0.35, -0.85), white.times(0.26), 0.10, 0.4);
        card = 0.25 * power;
        up = pose.seen(new Vec(0, 1, 0));
    }

    /** Where the main light comes from, as the fruit sees it. */
    Vec keyDirection() {
        return key.direction;
    }

    /**
     * The light a point sends to the eye.
     *
     * @param n      unit normal
     * @param eye    unit direction to the camera
     * @param lit    how much of the main light reaches it, 0 to 1
     * @param open   how much of the surroundings it sees, 0 to 1
     * @param clear  how much of what it mirrors is the studio rather than the fruit itself, 0 to 1
     */
    Colour shade(Material m, Vec n, Vec eye, double lit, double open, double clear) {
        double sky = 0.5 + 0.5 * n.dot(up);
        double ambient = card * (0.45 + 0.55 * sky) * open;
        Colour seen = Colour.BLACK;
        seen = seen.plus(key.scattered(m, n, Maths.mix(lit, 1, 0.25 * m.glow())));
        seen = seen.plus(fill.scattered(m, n, open));
        seen = seen.plus(rim.scattered(m, n, open));
        // Light between folds bounces back in the surface's own colour.
        Colour tinted = m.colour().times(m.colour()).mix(m.colour(), open);
        seen = seen.plus(tinted.times(ambient));

        double facing = Maths.clamp(n.dot(eye), 0, 1);
        double graze = 1 - facing;
        double graze2 = graze * graze;
        double fresnel = 0.04 + 0.96 * graze2 * graze2 * graze;
        Vec out = eye.times(-1).mirroredOn(n);
        double shine = m.gloss() * fresnel * 25;
        seen = seen.plus(key.mirrored(out, m.rough()).times(shine * lit * clear));
        seen = seen.plus(fill.mirrored(out, m.rough()).times(shine * open * clear));
        // White card behind and above, the dark room in front.
        double room = Maths.mix(0.12, 0.75, Maths.step(0.5, -0.9, out.dot(eye) - 0.3 * out.dot(up))) * (1 - 0.7 * m.rough());
        return seen.plus(new Colour(1, 1, 1).times(m.gloss() * Math.min(fresnel, 0.4) * room * open * clear));
    }

    /** A rectangular softbox far away. */
    private static final class Lamp {
        private final Vec direction;
        private final Vec wide;
        private final Vec high;
        private final Colour colour;
        private final double halfWidth;
        private final double halfHeight;

        Lamp(Pose pose, Vec towards, Colour colour, double halfWidth, double halfHeight) {
            Vec d = towards.unit();
            Vec w = new Vec(0, 1, 0).cross(d).unit();
            this.direction = pose.seen(d);
            this.wide = pose.seen(w);
            this.high = pose.seen(d.cross(w));
            this.colour = colour;
            this.halfWidth = halfWidth;
            this.halfHeight = halfHeight;
        }

        /** Wraps around translucent things and turns to their deeper colour where it fades. */
        Colour scattered(Material m, Vec n, double share) {
            double wrap = 0.08 + 0.3 * m.glow();
            double bright = Math.max(0, (n.dot(direction) + wrap) / (1 + wrap));
            Colour deep = m.colour().times(m.colour()).times(1.3);
            Colour c = m.colour().mix(deep, m.glow() * (1 - bright) * 0.6);
            return c.times(colour).times(bright * share);
        }

        Colour mirrored(Vec out, double rough) {
            double ahead = out.dot(direction);
            if (ahead < 0.05) {
                return Colour.BLACK;
            }
            double soft = 0.06 + 0.9 * rough;
            double u = Math.abs(out.dot(wide) / ahead);
            double v = Math.abs(out.dot(high) / ahead);
            double seen = Maths.step(halfWidth + soft, halfWidth - soft * 0.6, u)
                    * Maths.step(halfHeight + soft, halfHeight - soft * 0.6, v);
            double spread = halfWidth * halfHeight / ((halfWidth + soft) * (halfHeight + soft));
            return colour.times(seen * (0.15 + 0.85 * spread));
        }
    }
}
