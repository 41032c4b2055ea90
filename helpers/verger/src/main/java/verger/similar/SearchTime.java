package verger.similar;

import java.util.Locale;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Estimates how long it takes to compare vectors in pairs, and warns before the work if that may be long. The warning stands in
 * the notebook, and the work goes on; interrupting the cell cancels it.
 */
final class SearchTime {

    /** From an hour on. */
    static final SearchTime DEFAULT = new SearchTime(3600);

    private static final Logger LOG = LoggerFactory.getLogger(SearchTime.class);

    /** Multiplications of a core in a second: where the vectors come from memory, and where they stay in the cache. */
    private static final double SLOW = 1e9 / 6;
    private static final double FAST = 1e9 / 2;

    private final double longSeconds;

    /** @param longSeconds how long a search may take without a warning */
    SearchTime(double longSeconds) {
        this.longSeconds = longSeconds;
    }

    /**
     * Warns if the comparison may take long.
     *
     * @param pairs     how many vectors are compared with another one
     * @param dimension numbers of a vector
     * @param what      the subject of the sentence, such as {@code Comparing 5 images with 100,000}
     */
    void warn(SparkContext spark, double pairs, int dimension, String what) {
        int cores = Math.max(1, spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile()));
        double multiplications = pairs * dimension;
        if (multiplications / cores / SLOW >= longSeconds) {
            LOG.warn(sentence(multiplications, cores, what));
        }
    }

    static String sentence(double multiplications, int cores, String what) {
        double least = multiplications / cores / FAST;
        double most = multiplications / cores / SLOW;
        double unit = most < 7200 ? 60 : most < 48 * 3600 ? 3600 : 86_400;
        return String.format(Locale.ROOT, "%s takes some %s to %s %s on %d %s: to compare fewer, set limit in the notebook, or "
                + "read them with Images.reader(spark).limit(…)",
                what, number(least / unit), number(most / unit), unit == 60 ? "minutes" : unit == 3600 ? "hours" : "days",
                cores, cores == 1 ? "core" : "cores");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value).replace(".0", "");
    }
}
