package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import verger.box.s3.Credentials;
import verger.box.s3.S3Server;

/**
 * Processes that write to one output at the same time, are paused and killed, on a local disk and on S3. The long run:
 * {@code -Dverger.rounds=200 -Dverger.pause=10}; on an HDFS that runs, also {@code -Dverger.hdfs=hdfs://host:port}.
 */
@Tag("slow")
class PublishingTest {

    private static final int ROUNDS = Integer.getInteger("verger.rounds", 12);
    /** Seconds that a holder is paused at least. */
    private static final int PAUSE = Integer.getInteger("verger.pause", 2);
    private static final int LEASE_SECONDS = 2;
    private static int buckets;

    private final String bucket = "publishing-" + ++buckets;
    private final Random random = new Random(16);
    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    private S3Server s3;

    @BeforeEach
    void start() throws IOException {
        s3 = S3Server.start(folder.resolve("s3"), 0, new Credentials(System.getenv("AWS_ACCESS_KEY_ID"),
                System.getenv("AWS_SECRET_ACCESS_KEY")), List.of(bucket));
        settings().forEach(conf::set);
        System.setProperty("verger.lease.seconds", Integer.toString(LEASE_SECONDS));
    }

    @AfterEach
    void stop() throws IOException {
        System.clearProperty("verger.lease.seconds");
        FileSystem.closeAll();
        s3.close();
    }

    private Map<String, String> settings() {
        return Map.of("fs.s3a.endpoint", s3.endpoint(), "fs.s3a.path.style.access", "true");
    }

    static List<String> schemes() {
        return System.getProperty("verger.hdfs") == null ? List.of("file", "s3a") : List.of("file", "s3a", "hdfs");
    }

    private String output(String scheme) {
        if (scheme.equals("hdfs")) {
            return System.getProperty("verger.hdfs") + "/" + bucket + "-" + ProcessHandle.current().pid() + "/out";
        }
        return scheme.equals("s3a") ? "s3a://" + bucket + "/out" : folder.resolve("out").toUri().toString();
    }

    private PublishingProcess process() throws IOException {
        return PublishingProcess.start(settings(), LEASE_SECONDS, folder.resolve("log"));
    }

    /** Every second pair: one of two that begin at once is refused. The others: one is paused, anywhere, and overtaken. */
    @ParameterizedTest
    @MethodSource("schemes")
    void ofTwoRunsAtOnceNoneIsLostInSilenceAndNoneIsMixedWithTheOther(String scheme) throws Exception {
        String output = output(scheme);
        FileSystem fs = new org.apache.hadoop.fs.Path(output).getFileSystem(conf);
        ForeignReader reader = new ForeignReader(fs, new org.apache.hadoop.fs.Path(output));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        CompletableFuture<Void> polling = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    reads.addAndGet(reader.run() == null ? 0 : 1);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }, task -> new Thread(task, "reader").start());
        try (PublishingProcess one = process(); PublishingProcess two = process()) {
            for (int round = 0; round < ROUNDS; round++) {
                String last = round % 2 == 0 ? together(one, two, output, round) : overtaken(one, two, output, round);
                assertThat(reader.run()).as("round " + round).isEqualTo(last);
            }
        } finally {
            done.set(true);
        }
        polling.get();
        assertThat(reads).as("whole results that a reader met").hasValueGreaterThan(ROUNDS);
        System.out.println(scheme + ": " + ROUNDS + " pairs, " + reads + " reads of whole results");
    }

    private String together(PublishingProcess one, PublishingProcess two, String output, int round) {
        one.begin(output, "one" + round);
        two.begin(output, "two" + round);
        List<String> answers = List.of(one.answer(), two.answer());
        assertThat(answers).as("round " + round).containsOnlyOnce("begun");
        int winner = answers.indexOf("begun");
        assertThat(answers.get(1 - winner)).matches("Another run writes to .*out: process \\d+ on .* \\((one|two)" + round
                + "\\), since .*; wait for its end, stop it, or choose another output");
        PublishingProcess publisher = winner == 0 ? one : two;
        publisher.publish();
        assertThat(publisher.answer()).isEqualTo("published");
        return (winner == 0 ? "one" : "two") + round;
    }

    private String overtaken(PublishingProcess one, PublishingProcess two, String output, int round) throws Exception {
        one.begin(output, "one" + round);
        assertThat(one.answer()).isEqualTo("begun");
        boolean publishing = round % 4 == 1;
        if (publishing) { // it is paused at any moment of it, before and after perhaps
            one.publish();
            Thread.sleep(random.nextInt(output.startsWith("file") ? 15 : 150));
        }
        one.pause();
        long paused = System.nanoTime();
        two.begin(output, "two" + round);
        assertThat(two.answer()).as("round " + round).isEqualTo("begun");
        two.publish();
        assertThat(two.answer()).as("round " + round).isEqualTo("published");
        Thread.sleep(Math.max(0, PAUSE * 1000L - (System.nanoTime() - paused) / 1_000_000));
        one.goOn();
        if (!publishing) {
            one.publish();
        }
        String answer = one.answer();
        if (!publishing || !answer.equals("published")) { // which it had done before it was paused
            assertThat(answer).as("round " + round).matches("Nothing is published at .*out: .* has taken it over, .*");
        }
        return "two" + round;
    }

    /** What a reader finds then is whole or absent; the next run finds who held the output gone, and removes what is left. */
    @ParameterizedTest
    @MethodSource("schemes")
    void aRunThatIsKilledAtAnyMomentLeavesAWholeResultOrNoneAndTheNextRunCleansUp(String scheme) throws Exception {
        String output = output(scheme);
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output);
        ForeignReader reader = new ForeignReader(path.getFileSystem(conf), path);
        String before = null;
        for (int round = 0; round < Math.max(6, ROUNDS / 3); round++) {
            String killed = "killed" + round;
            try (PublishingProcess process = process()) {
                process.begin(output, killed);
                if (round % 3 != 0) {
                    assertThat(process.answer()).isEqualTo("begun");
                    process.publish();
                }
                Thread.sleep(random.nextInt(!scheme.equals("file") || round % 3 == 0 ? 400 : 30));
                process.kill();
            }
            List<String> possible = new ArrayList<>(Arrays.asList(before, killed, null));
            assertThat(reader.run()).as("round " + round).isIn(possible);

            OutputFolder next = new OutputFolder(conf, output, "next");

            if (!scheme.equals("s3a") && before != null) {
                assertThat(reader.run()).as("the earlier result is put back, in round " + round).isIn(before, killed);
            }
            PublishingProcess.save(next, conf, "next" + round);
            next.publish();
            before = "next" + round;
            assertThat(reader.run()).isEqualTo(before);
            assertThat(names(path)).noneMatch(name -> name.matches("[_.].*"))
                    .doesNotContain(before.hashCode() % 2 == 0 ? "" : "only-of-some.txt");
        }
    }

    private List<String> names(org.apache.hadoop.fs.Path output) throws IOException {
        return Arrays.stream(output.getFileSystem(conf).listStatus(output)).map(file -> file.getPath().getName()).toList();
    }

    /** Nobody waits a minute for a process of this machine that is not there. */
    @ParameterizedTest
    @MethodSource("schemes")
    void ofARunThatLivesTheNextSaysWhoItIs(String scheme) throws Exception {
        try (PublishingProcess process = process()) {
            process.begin(output(scheme), "first");
            assertThat(process.answer()).isEqualTo("begun");

            assertThatThrownBy(() -> new OutputFolder(conf, output(scheme), "second")).isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("Another run writes to .*/out: process \\d+ on \\S+ \\(first\\), since 20.*Z; wait for "
                            + "its end, stop it, or choose another output");
            process.publish();
            assertThat(process.answer()).isEqualTo("published");
        }
        OutputFolder second = new OutputFolder(conf, output(scheme), "second");
        assertThat(second.run().number()).isEqualTo(2);
        second.end();
        assertThat(Files.exists(folder.resolve("out/_lease-0000000002"))).isFalse();
    }
}
