package verger.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WorkTest {

    @Test
    void isThereWhileItLasts() {
        String seen = Work.step("listing a folder", () -> Work.now().what());

        assertThat(seen).isEqualTo("listing a folder");
        assertThat(Work.now()).isNull();
    }

    @Test
    void theInnermostIsShownAndCounted() {
        Work.step("fetching", () -> {
            Work.at(1, 4, "MB");
            Work.Step inner = Work.step("checking", () -> {
                Work.at(7, 0, "files");
                return Work.now();
            });
            assertThat(inner).isEqualTo(new Work.Step("checking", 7, 0, "files"));
            return assertThat(Work.now()).isEqualTo(new Work.Step("fetching", 1, 4, "MB"));
        });
    }

    @Test
    void oneThatFailsIsOver() {
        assertThatThrownBy(() -> Work.step("reading", () -> {
            throw new IOException("gone");
        })).isInstanceOf(IOException.class);

        assertThat(Work.now()).isNull();
    }

    @Test
    void anotherThreadSeesItAndCountsNothingIntoIt() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            try {
                Work.step("drawing", () -> {
                    begun.countDown();
                    seen.await();
                    return null;
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        other.start();
        begun.await();
        Work.at(5, 0, "files");

        assertThat(Work.now()).isEqualTo(new Work.Step("drawing", 0, 0, ""));
        seen.countDown();
        other.join();
        assertThat(Work.now()).isNull();
    }
}
