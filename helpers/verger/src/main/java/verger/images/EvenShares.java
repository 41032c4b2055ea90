package verger.images;

import java.util.Arrays;

/** How many of each group to take, so that the groups share a limited number as evenly as their sizes allow. */
public final class EvenShares {

    private EvenShares() {
    }

    /**
     * The largest number of members of one group with which all groups together stay within a limit: small groups are taken
     * whole, and what they leave goes to the larger ones.
     *
     * @param sizes members of each group
     * @return 0 if there are more groups than the limit; {@link Long#MAX_VALUE} if all members stay within it
     */
    public static long level(long[] sizes, long limit) {
        long[] sorted = sizes.clone();
        Arrays.sort(sorted);
        long left = limit;
        for (int i = 0; i < sorted.length; i++) {
            long share = left / (sorted.length - i);
            if (sorted[i] > share) {
                return share;
            }
            left -= sorted[i];
        }
        return Long.MAX_VALUE;
    }
}
