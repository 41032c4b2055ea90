package verger.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.Settings;
import verger.files.ThisMachine;
import verger.progress.Work;

/**
 * The right of one run at a time to write to an output, on any file system that creates a file for one only of those who ask
 * for it.
 *
 * <p>The run of number n creates {@code _lease-<n>}, which says who it is and never changes; who creates the one of the largest
 * number holds the output. While it lives it writes {@code _lease-<n>-<id>.alive} again and again. Who wants the output and sees
 * for long enough that nothing is written, by its own watching and no clock of another machine, or that the process is gone,
 * creates {@code _lease-<n + 1>}. Who held it before learns of it when it asks, which it does before each step of publishing; and
 * what it does without asking fails, since what it would move has gone ({@link Litter}).
 */
final class Lease implements Closeable {

    /** What the names of its files begin with. */
    static final String PREFIX = "_lease-";

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{10})");
    private static final int RENEWALS = 6; // in the time after which others may take over
    private static final int LOOKS = 60; // in that time, of who watches, or more
    private static final long PAUSE_MILLIS = 1000; // between two of them, or less
    /** Those of this process by the id of their run: a cell that is run again takes from the run of its first time. */
    private static final Map<String, Lease> HELD = new ConcurrentHashMap<>();

    private final FileSystem fs;
    private final AtomicSteps steps;
    private final Path output;
    private final Holder holder;
    private String lost;
    private long beats;

    private Lease(FileSystem fs, AtomicSteps steps, Path output, Holder holder) {
        this.fs = fs;
        this.steps = steps;
        this.output = output;
        this.holder = holder;
    }

    /**
     * Takes the output for a run.
     *
     * @param output      a folder that exists
     * @param application Spark's name of who asks
     * @param published   number of the run whose results are there, or 0
     * @throws OutputHeldException if another run holds it
     */
    static Lease take(FileSystem fs, AtomicSteps steps, Path output, String application, long published) throws IOException {
        Holder me = Holder.me(0, application, Settings.leaseSeconds());
        while (true) {
            NavigableMap<Long, Path> there = leases(fs, output);
            long number = published + 1;
            if (!there.isEmpty()) {
                if (!isFree(fs, output, there.lastEntry().getValue())) {
                    continue; // it has another holder by now, or none
                }
                number = Math.max(number, there.lastKey() + 1);
            }
            Lease lease = new Lease(fs, steps, output, me.withNumber(number));
            if (lease.create()) {
                HELD.put(lease.holder.id(), lease);
                Renewals.begin(lease, me.seconds() * 1000L / RENEWALS);
                return lease;
            }
        }
    }

    /** Whether this run holds the output now; if not, another one came first. */
    private boolean create() throws IOException {
        Path file = file(holder.number());
        if (!steps.create(file, holder.toJson()) && !isMine(file)) { // the answer of a first try may have got lost
            return false;
        }
        Map.Entry<Long, Path> last = leases(fs, output).lastEntry();
        if (last != null && last.getKey() == holder.number()) {
            return true;
        }
        fs.delete(file, false); // its number was free because a later one has ended
        return false;
    }

    /**
     * Whether who holds the output has ended; false if that is another one by now.
     *
     * @throws OutputHeldException if it is held
     */
    private static boolean isFree(FileSystem fs, Path output, Path file) throws IOException {
        Holder other = read(fs, file);
        Lease own = other == null ? null : HELD.get(other.id());
        if (own != null) {
            own.end("a later run of this session has begun there");
            return true;
        }
        ThisMachine.State state = other == null ? ThisMachine.State.UNKNOWN : other.state();
        if (state == ThisMachine.State.GONE || state == ThisMachine.State.UNKNOWN && !changes(fs, output, file, other)) {
            LOG.warn("Taking {} over: the run that held it has ended without saying so ({})", output, other);
            return true;
        }
        Map.Entry<Long, Path> last = leases(fs, output).lastEntry();
        if (last == null || !last.getValue().equals(file)) {
            return false;
        }
        throw new OutputHeldException(output, other == null ? read(fs, file) : other);
    }

    /** Whether anything happens while one watches, as it does if the other run lives: it ends, or it says that it lives. */
    private static boolean changes(FileSystem fs, Path output, Path file, Holder other) throws IOException {
        long seconds = other == null ? Settings.leaseSeconds() : other.seconds();
        long pause = Math.min(PAUSE_MILLIS, seconds * 1000 / LOOKS);
        long looks = seconds * 1000 / pause;
        String first = signs(fs, output, file);
        LOG.warn("{} is held by {}: watching for up to {} s whether that run lives", output,
                other == null ? "another run" : other, seconds);
        return Work.step("watching whether another run lives", () -> {
            for (long look = 0; look < looks; look++) { // not by the clock: this process may be paused, too
                sleep(pause);
                if (!signs(fs, output, file).equals(first)) {
                    return true;
                }
                Work.at(look, looks, "looks");
            }
            return false;
        });
    }

    /** What changes when its holder says that it lives, or gives it back. */
    private static String signs(FileSystem fs, Path output, Path file) throws IOException {
        StringBuilder signs = new StringBuilder();
        for (FileStatus status : files(fs, output)) {
            if (status.getPath().getName().startsWith(file.getName())) {
                signs.append(status).append('\n');
            }
        }
        return signs.toString();
    }

    private static void sleep(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it watches whether another run lives");
        }
    }

    private static FileStatus[] files(FileSystem fs, Path output) throws IOException {
        try {
            return fs.listStatus(output, path -> path.getName().startsWith(PREFIX));
        } catch (FileNotFoundException e) {
            return new FileStatus[0]; // S3 has no folder that is empty
        }
    }

    private static NavigableMap<Long, Path> leases(FileSystem fs, Path output) throws IOException {
        NavigableMap<Long, Path> leases = new TreeMap<>();
        for (FileStatus status : files(fs, output)) {
            Matcher name = NAME.matcher(status.getPath().getName());
            if (name.matches()) {
                leases.put(Long.parseLong(name.group(1)), status.getPath());
            }
        }
        return leases;
    }

    /** Null if it is not there any more, or not whole yet. */
    private static Holder read(FileSystem fs, Path file) throws IOException {
        try (FSDataInputStream in = fs.open(file)) {
            return Holder.of(in.readAllBytes());
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** Who holds an output, as far as files say; null if nobody does. */
    static Holder holderOf(FileSystem fs, Path output) throws IOException {
        Map.Entry<Long, Path> last = leases(fs, output).lastEntry();
        return last == null ? null : read(fs, last.getValue());
    }

    private boolean isMine(Path file) throws IOException {
        Holder there = read(fs, file);
        return there != null && there.id().equals(holder.id());
    }

    private Path file(long number) {
        return new Path(output, String.format(Locale.ROOT, "%s%010d", PREFIX, number));
    }

    private Path sign() {
        return file(holder.number()).suffix("-" + holder.id() + ".alive");
    }

    /** Whether a file of that name is one of another run's lease. */
    boolean isOfOthers(String name) {
        return name.startsWith(PREFIX) && !name.equals(file(holder.number()).getName()) && !name.equals(sign().getName());
    }

    /** Of the run that holds it. */
    Holder holder() {
        return holder;
    }

    /** Says that this run lives; nothing happens if it has lost the output. */
    synchronized boolean renew() throws IOException {
        if (lost == null && isHeld()) {
            steps.write(sign(), Long.toString(++beats).getBytes(StandardCharsets.US_ASCII));
        }
        return lost == null;
    }

    private boolean isHeld() throws IOException {
        Map.Entry<Long, Path> last = leases(fs, output).lastEntry();
        if (last != null && last.getKey() == holder.number() && isMine(last.getValue())) {
            return true;
        }
        Holder other = last == null ? null : read(fs, last.getValue());
        lost = (other == null ? "another run" : "the run of " + other)
                + " has taken it over, as nothing was heard of this one for "
                + holder.seconds() + " s";
        LOG.warn("The run at {} will not be published: {}", output, lost);
        return false;
    }

    /**
     * Makes sure that no other run has taken the output.
     *
     * @throws OutputLostException if one has
     */
    synchronized void requireHeld() throws IOException {
        if (lost != null || !isHeld()) {
            throw new OutputLostException(output, lost);
        }
    }

    /** Gives the output to whoever comes next. */
    @Override
    public void close() {
        try {
            end("this run has ended");
        } catch (IOException e) {
            LOG.warn("Cannot give {} back, which does no harm: the next run sees that this one has ended ({})", output,
                    e.toString());
        }
    }

    private synchronized void end(String why) throws IOException {
        HELD.remove(holder.id());
        Renewals.end(this);
        if (lost == null && isHeld()) {
            lost = why;
            fs.delete(sign(), false);
            fs.delete(file(holder.number()), false);
        }
    }

    /** Gives back all outputs of this process, as at its end. */
    static void endAll() {
        HELD.values().forEach(Lease::close);
    }
}
