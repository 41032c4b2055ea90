package verger.progress;

import java.util.OptionalLong;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * How many images an RDD has, said in its name, or a job, said in its properties: Spark hands both to whoever listens, and shows
 * the names on its web page.
 */
public final class KnownRows {

    private static final String PROPERTY = "verger.images";
    private static final Pattern NAME = Pattern.compile("(\\d+) images");

    private KnownRows() {
    }

    /** The name of an RDD of so many images. */
    public static String name(long images) {
        return images + " images";
    }

    /**
     * Runs jobs of so many images that pass a filter: of what is made of it, no RDD tells.
     *
     * @param images that go through each of the jobs
     */
    public static void during(SparkSession spark, long images, Runnable jobs) {
        SparkContext context = spark.sparkContext();
        String before = context.getLocalProperty(PROPERTY);
        context.setLocalProperty(PROPERTY, name(images));
        try {
            jobs.run();
        } finally {
            context.setLocalProperty(PROPERTY, before);
        }
    }

    /** The images of a job by its properties, which may be null; empty if they do not tell. */
    public static OptionalLong ofJob(Properties job) {
        return of(job == null ? null : job.getProperty(PROPERTY));
    }

    /** The images of an RDD by its name, which may be null; empty if the name does not tell. */
    public static OptionalLong of(String name) {
        Matcher matcher = NAME.matcher(String.valueOf(name));
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
