package verger.features;

import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * How many images have gone through a network since this Spark application began: what shows that features were computed once.
 *
 * <p>Images that cannot be used are not counted. A task that is run again, after a failure or for a table that was not cached,
 * counts its images again. Each network has an accumulator of its own, which Spark's web page shows with the stages, too.
 */
public final class ImagesSeen {

    private static final Map<SparkContext, Map<String, LongAccumulator>> COUNTERS = new WeakHashMap<>();

    private ImagesSeen() {
    }

    /** Images that went through any network. */
    public static long count(SparkSession spark) {
        return byNetwork(spark).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Images by the name of the network that they went through, for those that were used at all. */
    public static Map<String, Long> byNetwork(SparkSession spark) {
        synchronized (COUNTERS) {
            Map<String, Long> counts = new TreeMap<>();
            COUNTERS.getOrDefault(spark.sparkContext(), Map.of())
                    .forEach((network, counter) -> counts.put(network, counter.sum()));
            return counts;
        }
    }

    /** What tasks add to. */
    static LongAccumulator counter(SparkContext context, String network) {
        synchronized (COUNTERS) {
            return COUNTERS.computeIfAbsent(context, c -> new TreeMap<>())
                    .computeIfAbsent(network, name -> context.longAccumulator("images through " + name));
        }
    }
}
