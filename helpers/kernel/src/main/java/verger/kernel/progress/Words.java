package verger.kernel.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import verger.kernel.progress.CellJobs.Done;
import verger.kernel.progress.CellJobs.Snapshot;
import verger.progress.Work;

/** The line of a cell that runs, and the sentence that it folds to. */
final class Words {

    /** Characters of a line of code. */
    private static final int MOST = 60;

    /** Jobs of less time leave no sentence. */
    private static final double LEAST_SECONDS = 3;

    private Words() {
    }

    /**
     * A cell that runs, such as {@code featurize · 3 of 13 tasks · 1,204 of 2,000 images · 148 images/s · 9 s, 6 s left}.
     *
     * @param line    of the cell, with its place; may be null
     * @param work    what the driver does, or null
     * @param seconds since the cell began
     */
    static String running(String line, Work.Step work, Snapshot spark, double seconds) {
        List<String> words = new ArrayList<>();
        words.add(work != null ? work.what() : spark.what() != null ? spark.what() : shortened(line));
        if (work != null && work.done() > 0) {
            words.add(count(work.done()) + (work.all() > 0 ? " of " + count(work.all()) : "") + " " + work.unit());
        }
        if (spark.tasks() > 0) {
            words.add(count(spark.tasksDone()) + " of " + count(spark.tasks()) + (spark.tasks() == 1 ? " task" : " tasks"));
        }
        if (spark.what() != null) {
            words.add(images(spark));
            if (!Double.isNaN(spark.perSecond())) {
                words.add(String.format(Locale.ROOT, spark.perSecond() < 10 ? "%.1f images/s" : "%,.0f images/s",
                        spark.perSecond()));
            }
        }
        boolean left = spark.what() != null && !Double.isNaN(spark.secondsLeft());
        words.add(time(seconds) + (left ? ", " + time(Math.ceil(spark.secondsLeft())) + " left" : ""));
        words.removeIf(String::isEmpty);
        return String.join(" · ", words);
    }

    private static String images(Snapshot spark) {
        String all = Double.isNaN(spark.allImages()) || spark.allImages() < spark.images() ? ""
                : " of " + (spark.known() ? "" : "about ") + count(Math.round(spark.allImages()));
        return count(spark.images()) + all + " images";
    }

    /**
     * A cell that is done; null if nothing is worth a sentence.
     *
     * @param failed whether it ended with an error
     */
    static String done(Done done, boolean failed) {
        if (done.images() > 0) {
            String images = count(done.images()) + (done.images() == 1 ? " image" : " images");
            return failed ? "stopped after " + images + " and " + time(done.imageSeconds())
                    : images + " in " + time(done.imageSeconds());
        }
        if (done.jobs() > 0 && done.jobSeconds() >= LEAST_SECONDS && !failed) {
            return count(done.jobs()) + (done.jobs() == 1 ? " Spark job" : " Spark jobs") + " in " + time(done.jobSeconds());
        }
        return null;
    }

    /** As people say it: {@code 0.8 s}, {@code 12 s}, {@code 4 min 48 s}, {@code 1 h 12 min}. */
    static String time(double seconds) {
        if (seconds < 0.95 && seconds > 0) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        long minutes = whole < 3600 ? whole / 60 : Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min " + whole % 60 + " s" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String shortened(String line) {
        return line == null ? "" : line.length() <= MOST ? line : line.substring(0, MOST - 1) + "…";
    }
}
