package verger.sample;

/** One piece of a fruit, its body, stem or leaves: where its surface is and what it is made of. */
interface Part {

    /** Signed distance from (x, y, z) to the surface, negative inside; may err a little towards the near side. */
    double distance(double x, double y, double z);

    /** The smaller of {@code nearest} and the distance; parts of many pieces pass over those farther than {@code nearest}. */
    default double nearer(double x, double y, double z, double nearest) {
        return Math.min(nearest, distance(x, y, z));
    }

    /** Height of pores and wrinkles too fine for the outline; they only bend the light. */
    default double relief(double x, double y, double z) {
        return 0;
    }

    /** What the surface is made of at or very near {@code p}. */
    Material material(Vec p);
}
