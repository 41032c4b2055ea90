package verger.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.files.ThisMachine;

/** Whose an output is. Processes that are paused and killed, on S3 too, are in PublishingTest of helpers/s3-tests. */
class LeaseTest {

    /** Nobody waits for that: a test that watched would not end. */
    private static final int EVER = 99_999;

    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    private FileSystem fs;
    private org.apache.hadoop.fs.Path output;

    @BeforeEach
    void start() throws IOException {
        output = new org.apache.hadoop.fs.Path(folder.toString());
        fs = output.getFileSystem(conf);
        output = fs.makeQualified(output);
        System.setProperty("verger.lease.seconds", "2");
    }

    @AfterEach
    void stop() {
        System.clearProperty("verger.lease.seconds");
        Lease.endAll();
    }

    private Lease take() throws IOException {
        return take(0);
    }

    private Lease take(long published) throws IOException {
        return Lease.take(fs, AtomicSteps.of(fs), output, "mine", published);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Writes the lease of another run. */
    private Holder other(long number, String machine, long pid, String start, int seconds) throws IOException {
        Holder other = new Holder("other-" + number, number, "ip-10-0-0-7", machine, pid, start, "local-1700000000000",
                "2026-11-30T10:42:00Z", seconds);
        Path whole = Files.write(folder.resolve("other"), other.toJson());
        Files.move(whole, folder.resolve(String.format(Locale.ROOT, "_lease-%010d", number)), StandardCopyOption.ATOMIC_MOVE);
        return other;
    }

    @Test
    void whatIsHeldIsFreeWhenItsRunEnds() throws IOException {
        Lease lease = take();
        lease.requireHeld();
        assertThat(lease.holder().number()).isEqualTo(1);
        lease.renew();
        assertThat(names()).containsExactly("_lease-0000000001", "_lease-0000000001-" + lease.holder().id() + ".alive");

        lease.close();

        assertThat(names()).isEmpty();
        assertThatThrownBy(lease::requireHeld).isInstanceOf(OutputLostException.class);
    }

    @Test
    void theNumberGrowsFromRunToRun() throws IOException {
        assertThat(take(7).holder().number()).isEqualTo(8);
    }

    @Test
    void aProcessOfThisMachineThatRunsHoldsItHoweverSilentItIs() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "600").start();
        try {
            other(3, ThisMachine.id(), sleeping.pid(), ThisMachine.startOf(sleeping.pid()), EVER);

            assertThatThrownBy(this::take).isInstanceOf(OutputHeldException.class).hasMessage("Another run writes to " + folder
                    + ": process " + sleeping.pid() + " on ip-10-0-0-7 (local-1700000000000), since 2026-11-30T10:42:00Z; "
                    + "wait for its end, stop it, or choose another output");
        } finally {
            sleeping.destroyForcibly();
        }
    }

    @Test
    void aProcessOfThisMachineThatIsGoneHoldsNothing() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "600").start();
        other(3, ThisMachine.id(), sleeping.pid(), ThisMachine.startOf(sleeping.pid()), EVER);
        sleeping.destroyForcibly().waitFor();

        assertThat(take().holder().number()).isEqualTo(4);
    }

    @Test
    void aProcessThatHasTheNumberOfOneThatIsGoneIsNotTheHolder() throws Exception {
        long pid = ProcessHandle.current().pid();
        other(3, ThisMachine.id(), pid, ThisMachine.startOf(pid) + "0", EVER);

        assertThat(take().holder().number()).isEqualTo(4);
    }

    @Test
    void aProcessThatIsPausedForTooLongLosesIt() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "600").start();
        try {
            new ProcessBuilder("kill", "-STOP", Long.toString(sleeping.pid())).start().waitFor();
            String start = ThisMachine.startOf(sleeping.pid());
            while (ThisMachine.state(sleeping.pid(), start) == ThisMachine.State.RUNS) {
                Thread.sleep(10); // until the signal has arrived
            }
            other(3, ThisMachine.id(), sleeping.pid(), start, 2);

            assertThat(take().holder().number()).isEqualTo(4);
        } finally {
            sleeping.destroyForcibly();
        }
    }

    /** Not by its clock, which may be years off. */
    @Test
    void aRunOfAnotherMachineHoldsItAsLongAsItSaysThatItLives() throws Exception {
        other(3, "another", 1, "1", EVER);
        ScheduledExecutorService living = Executors.newSingleThreadScheduledExecutor();
        Path sign = folder.resolve("_lease-0000000003-other-3.alive");
        var unused = living.scheduleWithFixedDelay(() -> {
            try {
                Files.writeString(sign, Files.exists(sign) ? Files.readString(sign) + "." : ".");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, 500, 500, TimeUnit.MILLISECONDS);
        try {
            assertThatThrownBy(this::take).isInstanceOf(OutputHeldException.class).hasMessageContaining("ip-10-0-0-7");
        } finally {
            living.shutdownNow();
        }
    }

    @Test
    void aRunOfAnotherMachineThatSaysNothingLosesIt() throws Exception {
        other(3, "another", ProcessHandle.current().pid(), "1", 2);

        Lease lease = take();

        assertThat(lease.holder().number()).isEqualTo(4);
        lease.requireHeld();
    }

    /** HDFS has the file before its content; whoever dies in between leaves it empty. */
    @Test
    void aLeaseThatIsNotWholeIsWatchedToo() throws Exception {
        Files.writeString(folder.resolve("_lease-0000000005"), "{\"id\":");

        assertThat(take().holder().number()).isEqualTo(6);
    }

    @Test
    void whoeverIsOvertakenLearnsBy() throws Exception {
        Lease lease = take();
        other(2, "another", 1, "1", 60);

        assertThatThrownBy(lease::requireHeld).isInstanceOf(OutputLostException.class).hasMessage("Nothing is published at "
                + folder
                + ": the run of process 1 on ip-10-0-0-7 (local-1700000000000), since 2026-11-30T10:42:00Z has taken it "
                + "over, as nothing was heard of this one for 2 s; run again, or choose another output");
        assertThat(lease.renew()).isFalse();
        lease.close();
        assertThat(names()).as("what is another's stays").contains("_lease-0000000002");
    }

    /** The other one may have published and gone meanwhile, and a third one may have begun at number 1 again. */
    @Test
    void whoeverIsOvertakenByWhoHasGoneAgainLearnsIt() throws Exception {
        Lease lease = take();
        Files.delete(folder.resolve("_lease-0000000001"));
        assertThatThrownBy(lease::requireHeld).isInstanceOf(OutputLostException.class);

        Lease again = take();
        other(1, "another", 1, "1", 60);
        assertThatThrownBy(again::requireHeld).isInstanceOf(OutputLostException.class);
    }

    @Test
    void aCellThatIsRunAgainTakesItFromItself() throws Exception {
        Lease first = take();
        Lease second = take();

        second.requireHeld();
        assertThatThrownBy(first::requireHeld).isInstanceOf(OutputLostException.class)
                .hasMessageContaining("a later run of this session has begun there");
    }

    /** A request that S3 has done and not answered is sent again: then there is one already, its own. */
    @Test
    void aLeaseWhoseAnswerGotLostIsHeldAllTheSame() throws Exception {
        Lease lease = Lease.take(fs, new LocalStepsThat() {
            @Override
            public boolean create(org.apache.hadoop.fs.Path file, byte[] content) throws IOException {
                super.create(file, content);
                return false;
            }
        }, output, "mine", 0);

        lease.requireHeld();
        assertThat(lease.holder().number()).isEqualTo(1);
    }

    /** Its number was looked up, then another one took it, was overtaken, and its lease removed. */
    @Test
    void aNumberThatCameTooLateIsGivenBack() throws Exception {
        AtomicSteps late = new LocalStepsThat() {
            @Override
            public boolean create(org.apache.hadoop.fs.Path file, byte[] content) throws IOException {
                if (file.getName().endsWith("1")) {
                    other(2, "another", 1, "1", 2);
                }
                return super.create(file, content);
            }
        };

        Lease lease = Lease.take(fs, late, output, "mine", 0);

        assertThat(lease.holder().number()).isEqualTo(3);
        assertThat(names()).doesNotContain("_lease-0000000001");
    }

    /** Of those that create one file at once. */
    @Test
    void oneOnlyCreatesAFile() throws Exception {
        AtomicSteps steps = new LocalSteps();
        for (int round = 0; round < 20; round++) {
            org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(output, "file-" + round);
            long created = Stream.of("a", "b", "c", "d").parallel().filter(content -> {
                try {
                    return steps.create(file, content.getBytes(UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).count();
            assertThat(created).isEqualTo(1);
        }
        assertThat(names()).hasSize(20);
    }

    @Test
    void aFileThatIsThereIsNotCreatedAgain() throws IOException {
        for (AtomicSteps steps : List.of(new LocalSteps(), new HadoopSteps(fs))) {
            org.apache.hadoop.fs.Path file = path(steps.getClass().getSimpleName());
            assertThat(steps.create(file, "first".getBytes(UTF_8))).isTrue();
            assertThat(steps.create(file, "second".getBytes(UTF_8))).isFalse();
            assertThat(Path.of(file.toUri().getPath())).hasContent("first");
        }
    }

    @Test
    void aMoveHasAllThatItNeedsOrMovesNothing() throws IOException {
        Files.writeString(folder.resolve("a"), "a");
        Files.writeString(folder.resolve(".a.crc"), "of another a");
        for (AtomicSteps steps : List.of(new LocalSteps(), new HadoopSteps(fs))) {
            assertThatThrownBy(() -> steps.move(path("a"), path("no-folder/a"))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> steps.move(path("none"), path("b"))).isInstanceOf(IOException.class);
        }
        Files.createDirectory(folder.resolve("there"));
        assertThatThrownBy(() -> new HadoopSteps(fs).move(path("a"), path("there"))).isInstanceOf(IOException.class)
                .hasMessageContaining("there is in the way of ");
        Files.delete(folder.resolve("there"));
        assertThat(folder.resolve("a")).hasContent("a");
        assertThat(folder.resolve("no-folder")).doesNotExist();
        new LocalSteps().move(path("a"), path("b"));
        assertThat(names()).containsExactly("b");
        assertThatCode(() -> fs.open(path("b")).close()).doesNotThrowAnyException();
    }

    private org.apache.hadoop.fs.Path path(String name) {
        return new org.apache.hadoop.fs.Path(output, name);
    }

    @Test
    void theTimeOfSilenceIsANumber() {
        System.setProperty("verger.lease.seconds", "soon");

        assertThatThrownBy(this::take).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("VERGER_LEASE_SECONDS is a number of 2 to 99999: got soon.");
    }

    /** What is done on a local disk, with something in between. */
    private abstract static class LocalStepsThat implements AtomicSteps {

        private final LocalSteps local = new LocalSteps();

        @Override
        public boolean create(org.apache.hadoop.fs.Path file, byte[] content) throws IOException {
            return local.create(file, content);
        }

        @Override
        public void write(org.apache.hadoop.fs.Path file, byte[] content) throws IOException {
            local.write(file, content);
        }

        @Override
        public void move(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            local.move(from, to);
        }
    }
}
