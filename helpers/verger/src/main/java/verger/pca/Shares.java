package verger.pca;

/** Counts components by the share of the variance that they explain together. */
public final class Shares {

    /** Sums of rounded shares: 0.5 + 0.3 + 0.15 must pass for 0.95. */
    private static final double ROUNDING = 1e-12;

    private Shares() {
    }

    /**
     * Checks a share of the variance before any work is done.
     *
     * @throws IllegalArgumentException if it is not above 0 and at most 1
     */
    public static void checkShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of variance to explain is above 0 and at most 1: got " + share
                    + (share > 1 && share <= 100 ? "; write " + share / 100 + " for " + share + " %." : "."));
        }
    }

    /**
     * The smallest count of components whose cumulative share reaches {@code share}.
     *
     * @param shares share of the variance of each component, descending, of sum 1 or less if the last are left out
     * @param share  above 0 and at most 1
     * @return a count from 1 on; {@code shares.length} if even all of them stay below
     * @throws IllegalArgumentException if the share is not above 0 and at most 1, or there are no components
     */
    public static int componentsFor(double[] shares, double share) {
        checkShare(share);
        if (shares.length == 0) {
            throw new IllegalArgumentException("There are no components to count.");
        }
        double sum = 0;
        for (int c = 0; c < shares.length; c++) {
            sum += shares[c];
            if (sum >= share - ROUNDING) {
                return c + 1;
            }
        }
        return shares.length;
    }
}
