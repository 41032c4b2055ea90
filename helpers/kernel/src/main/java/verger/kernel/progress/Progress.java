package verger.kernel.progress;

import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishClearOutput;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishUpdateDisplayData;
import scala.Option;
import verger.Settings;
import verger.kernel.cells.Place;
import verger.kernel.channels.CellOutput;
import verger.kernel.channels.StartedBy;
import verger.kernel.values.Html;
import verger.progress.ImagesDone;
import verger.progress.Work;

/**
 * Shows under a cell that runs for more than a second what it does and how far it is, in one display that is renewed every second.
 * When the cell is done it says how many images there were, or is gone.
 *
 * <p>The display's id begins with {@value #ID}, by which a reader without a browser knows it: such a reader shows the line in its
 * own way, and keeps what is left of it at the end.
 */
public final class Progress {

    /** Begins the ids of these displays. */
    public static final String ID = "verger-progress-";

    private static final long TICK_MILLIS = 250;
    private static final double FIRST_SECONDS = 1;
    /** A little less than a second, which the ticks would miss. */
    private static final double NEXT_SECONDS = 0.9;

    private final Supplier<Place> place;
    private final CellOutput output;
    private final CellJobs jobs = new CellJobs(System::nanoTime);
    private final boolean browserIsHere = !StartedBy.gateway();
    private volatile SparkContext context;
    private Shown cell;
    private String wrong;

    /** The display of a cell. */
    private static final class Shown {

        private final ShellReplyEnvironment reply;
        private final String id = ID + UUID.randomUUID();
        private final long began = System.nanoTime();
        private boolean there;
        private long last;

        Shown(ShellReplyEnvironment reply) {
            this.reply = reply;
        }
    }

    /**
     * Shows nothing yet.
     *
     * @param place  the line of the cell that runs; may be null
     * @param output of cells
     */
    public Progress(Supplier<Place> place, CellOutput output) {
        this.place = place;
        this.output = output;
        ImagesDone.listen(jobs::report);
        repeat("verger-progress", this::tick);
        repeat("verger-progress-spark", this::listenToSpark); // apart, as Spark's start makes whoever asks for it wait
    }

    private void repeat(String name, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    awaitCell();
                    Thread.sleep(TICK_MILLIS);
                    work.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the kernel ends
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void awaitCell() throws InterruptedException {
        while (cell == null) {
            wait();
        }
    }

    /** A cell begins. */
    public synchronized void begin(ShellReplyEnvironment reply) {
        if (isOn()) {
            jobs.begin();
            cell = new Shown(reply);
            notifyAll();
        }
    }

    /** A setting that is wrong is said once, and does not keep the cell from running that mends it. */
    private boolean isOn() {
        try {
            boolean on = Settings.progress();
            wrong = null;
            return on;
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().equals(wrong)) {
                System.err.println(e.getMessage());
            }
            wrong = e.getMessage();
            return true;
        }
    }

    /** The cell is done; nothing happens if that is known already. */
    public synchronized void end(boolean failed) {
        Shown done = cell;
        cell = null;
        jobs.end();
        if (done == null || !done.there) {
            return;
        }
        String sentence = Words.done(jobs.done(), failed);
        if (sentence == null && output.isOnlyOne(done.reply)) {
            done.reply.publish(PublishClearOutput.NOW);
        } else {
            done.reply.publish(new PublishUpdateDisplayData(display(done.id, sentence, null)));
        }
    }

    private void listenToSpark() {
        Option<SparkContext> now = SparkContext$.MODULE$.getActive();
        if (now.isDefined() && now.get() != context && !now.get().isStopped()) {
            jobs.forget();
            now.get().addSparkListener(jobs);
            context = now.get();
        }
    }

    private synchronized void tick() {
        long now = System.nanoTime();
        jobs.sample();
        if (cell == null || now - (cell.there ? cell.last : cell.began) < (cell.there ? NEXT_SECONDS : FIRST_SECONDS) * 1e9) {
            return;
        }
        Place at = place.get();
        String line =
                Words.running(at == null ? null : at + ": " + at.text(), Work.now(), jobs.now(), (now - cell.began) / 1e9);
        DisplayData display = display(cell.id, line, page());
        if (cell.there) {
            cell.reply.publish(new PublishUpdateDisplayData(display));
        } else {
            cell.reply.publish(new PublishDisplayData(display));
        }
        cell.there = true;
        cell.last = now;
    }

    /** Null where no job runs that it would show. */
    private String page() {
        SparkContext spark = context;
        return spark == null || spark.isStopped() || jobs.now().jobs() == 0 ? null : SparkPage.of(spark, browserIsHere);
    }

    private static DisplayData display(String id, String text, String page) {
        DisplayData display = new DisplayData();
        display.setDisplayId(id);
        if (text != null) {
            display.putText(text);
            String link = page == null ? "" : " · <a href=\"" + Html.escaped(page) + "\" target=\"_blank\">Spark</a>";
            display.putHTML("<small style=\"opacity: 0.7\">" + Html.escaped(text) + link + "</small>");
        }
        return display;
    }
}
