package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A choice is made again when it may have become another. */
class ChoiceMemoTest {

    private static final List<String> KEY = List.of("auto", "");

    @TempDir
    Path folder;
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 10); // it may overflow
    private final ChoiceMemo memo = new ChoiceMemo(nanoTime::get);
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void aChoiceHolds() throws IOException {
        choose("its weights were found", KEY);
        nanoTime.addAndGet(TimeUnit.DAYS.toNanos(1));
        choose("its weights were found", KEY);
        assertThat(made).hasValue(1);
    }

    @Test
    void aFallbackHoldsForAMinute() throws IOException {
        choose("ResNet50's weights were not found", KEY);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(59));
        choose("ResNet50's weights were not found", KEY);
        assertThat(made).hasValue(1);

        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(choose("its weights were found", KEY).why()).isEqualTo("its weights were found");
        assertThat(made).hasValue(2);
    }

    @Test
    void anotherKeyOrAModelThatIsGoneIsAnotherChoice() throws IOException {
        choose("its weights were found", KEY);
        choose("its weights were found", List.of("auto", "weights.zip"));
        assertThat(made).hasValue(2);

        Files.delete(folder.resolve("model.onnx"));
        choose("its weights were found", KEY);
        assertThat(made).hasValue(3);
    }

    @Test
    void aChoiceWhoseOtherFilesHaveChangedIsMadeAgain() throws IOException {
        AtomicBoolean unchanged = new AtomicBoolean(true);
        choose("a model was given", KEY, unchanged::get);
        choose("a model was given", KEY, unchanged::get);
        assertThat(made).hasValue(1);

        unchanged.set(false);
        choose("a model was given", KEY, unchanged::get);
        assertThat(made).hasValue(2);
    }

    private NetworkChoice choose(String why, List<String> key) throws IOException {
        return choose(why, key, () -> true);
    }

    private NetworkChoice choose(String why, List<String> key, BooleanSupplier unchanged) throws IOException {
        return memo.get(key, () -> {
            made.incrementAndGet();
            Path model = folder.resolve("model.onnx");
            Files.writeString(model, "");
            return new NetworkChoice(Networks.RESNET50, "onnx", "here", "0".repeat(64), model.toString(), why,
                    why.endsWith("not found"), "");
        }, unchanged);
    }
}
