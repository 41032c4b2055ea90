package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {

    /** Twelve threads ask for 1 to 130 MB again and again: the sum stays below, and of large ones there is one. */
    @Test
    void allDecodingTogetherStaysBelowItsMemoryAndLargePicturesTakeTurns() throws Exception {
        Turns turns = new Turns();
        AtomicLong taken = new AtomicLong();
        AtomicLong most = new AtomicLong();
        AtomicInteger large = new AtomicInteger();
        AtomicInteger mostLarge = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(12);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            int thread = t;
            done.add(threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    long bytes = (1 + (thread * 37 + i * 13) % 130) * 1_000_000L;
                    try (Turns.Turn turn = turns.take(bytes)) {
                        most.accumulateAndGet(taken.addAndGet(bytes), Math::max);
                        if (bytes > Turns.LARGE) {
                            mostLarge.accumulateAndGet(large.incrementAndGet(), Math::max);
                        }
                        Thread.onSpinWait();
                        if (bytes > Turns.LARGE) {
                            large.decrementAndGet();
                        }
                        taken.addAndGet(-bytes);
                    }
                }
            }));
        }
        for (Future<?> one : done) {
            one.get();
        }
        threads.shutdown();

        assertThat(most.get()).isBetween(1L, Turns.ALL);
        assertThat(mostLarge.get()).isEqualTo(1);
        assertThat(turns.free()).isEqualTo(Turns.ALL);
    }

    @Test
    void moreThanThereIsIsRefusedAtOnce() {
        assertThatThrownBy(() -> new Turns().take(Turns.ALL + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTaskThatIsEndedDoesNotWaitOnAndTakesNothing() {
        Turns turns = new Turns();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> turns.take(200_000_000)).isInstanceOf(CancellationException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(turns.free()).isEqualTo(Turns.ALL);
        turns.take(Turns.ALL).close(); // the turn of large ones is free, too
    }

    @Test
    void aLargePictureWaitsForAnotherOneThoughThereIsMemory() throws Exception {
        Turns turns = new Turns();
        Turns.Turn first = turns.take(Turns.LARGE + 1);

        Thread second = take(turns, Turns.LARGE + 1);

        assertThat(second.getState()).isEqualTo(Thread.State.WAITING);
        first.close();
        second.join();
        assertThat(turns.free()).isEqualTo(Turns.ALL);
    }

    @Test
    void aLargePictureThatIsEndedWhileItWaitsForMemoryLeavesItsTurn() throws Exception {
        Turns turns = new Turns();
        List<Turns.Turn> small = new ArrayList<>();
        while (turns.free() > 0) {
            small.add(turns.take(Turns.LARGE));
        }
        Thread ended = take(turns, Turns.LARGE + 1);
        assertThat(ended.getState()).isEqualTo(Thread.State.WAITING);
        ended.interrupt();
        ended.join();
        small.forEach(Turns.Turn::close);

        assertThat(take(turns, Turns.LARGE + 1).getState()).isEqualTo(Thread.State.TERMINATED);
    }

    /** A thread that takes and gives back, as soon as it waits or has ended. */
    private static Thread take(Turns turns, long bytes) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                turns.take(bytes).close();
            } catch (CancellationException e) {
                assertThat(e).hasMessageContaining("interrupted");
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.sleep(5);
        }
        return thread;
    }

    @Test
    void memoryIsGivenBackWhereAPictureIsBroken() {
        byte[] broken = MadeFiles.png(3000, 3000, 8, 2, MadeFiles.chunk("IDAT", new byte[20]));

        assertThatThrownBy(() -> Decoder.decode(broken)).isInstanceOf(UndecodableException.class);
        assertThatThrownBy(() -> Decoder.decode(MadeFiles.jpeg(16, 16, 1, 1, 0), image -> {
            throw new IllegalStateException("a network");
        })).hasMessage("a network");

        assertThat(Turns.DECODING.free()).isEqualTo(Turns.ALL);
    }
}
