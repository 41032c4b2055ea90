package verger.kernel.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.publish.PublishStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CellOutputTest {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private CellOutput output;
    private Kept cell;

    /** A cell that keeps what is sent. */
    private static final class Kept extends ShellReplyEnvironment {

        private final List<PublishStream> sent = new CopyOnWriteArrayList<>();

        Kept() {
            super(null, null, null, null);
        }

        @Override
        public void publish(Message<?> message) {
            sent.add((PublishStream) message.getContent());
        }

        private String text() {
            return sent.stream().map(PublishStream::getText).collect(Collectors.joining());
        }
    }

    @BeforeEach
    void install() {
        output = new CellOutput(false, stopped::get);
        output.install();
        cell = new Kept();
        output.begin(cell);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void aBurstIsAFewMessagesAndNothingIsLost() {
        String all = IntStream.range(0, 100_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

        IntStream.range(0, 100_000).forEach(i -> System.out.println("line " + i));
        output.send();

        assertThat(cell.text()).isEqualTo(all);
        assertThat(cell.sent).hasSizeLessThan(200);
    }

    @Test
    void bothStreamsKeepTheirOrder() {
        System.out.println("1");
        System.err.println("2");
        System.err.println("3");
        System.out.println("4");
        output.send();

        assertThat(cell.sent).extracting(PublishStream::getText).containsExactly("1\n", "2\n3\n", "4\n");
        assertThat(cell.sent).extracting(PublishStream::getStreamType).containsExactly(
                PublishStream.StreamType.OUT, PublishStream.StreamType.ERR, PublishStream.StreamType.OUT);
    }

    @Test
    void itComesByItselfWhileTheCellRuns() throws InterruptedException {
        System.out.print("soon");

        for (int i = 0; i < 100 && cell.sent.isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(cell.text()).isEqualTo("soon");
    }

    @Test
    void aCharacterMayComeByteByByte() {
        for (byte one : "Pêche 🍑".getBytes(StandardCharsets.UTF_8)) {
            System.out.write(one);
            output.send();
        }

        assertThat(cell.text()).isEqualTo("Pêche 🍑");
    }

    @Test
    void whatComesLateBelongsToTheCellBeforeUntilAnotherRuns() {
        output.send();
        System.out.println("late");
        Kept next = new Kept();
        output.begin(next);
        System.out.println("next");
        output.send();

        assertThat(cell.text()).isEqualTo("late\n");
        assertThat(next.text()).isEqualTo("next\n");
    }

    @Test
    void whoWasInterruptedPrintsNoMore() {
        stopped.set(true);

        assertThatThrownBy(() -> System.out.println("on and on")).isInstanceOf(CancellationException.class);
    }

    /** A Jupyter server cuts what comes faster than a million bytes a second over three seconds. */
    @Test
    void aServerIsNotGivenMoreThanItTakes() {
        OutputRate rate = OutputRate.of(true);

        assertThat(rate.take(1_500_000)).isZero();
        long wait = rate.take(1_500_000);

        assertThat(wait).isBetween(1_000L, 1_500L);
        assertThat(3_000_000.0 / (wait / 1000.0 + 0.001)).as("bytes a second over the burst").isLessThan(3_000_000);
    }
}
