package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.NetworkChoice;
import verger.networks.onnx.GoldenFeatures;

class EnginesTest {

    /** The way of an executor's first use; the driver's is the same. */
    @Test
    void aMachineThatComputesOtherFeaturesThanTheConversionRunsNothing(@TempDir Path dir) throws Exception {
        NetworkChoice choice = new ImageFeaturizer().setNetwork("EfficientNet-Lite0").choice();
        assertThat(Engines.facts(choice).classCount()).isEqualTo(1000);

        Path other = Files.copy(Path.of(choice.model()), dir.resolve("other.onnx"));
        new GoldenFeatures(64, false, new float[1280]).append(other);
        NetworkChoice changed =
                new NetworkChoice(choice.network(), choice.engine(), choice.weightsFrom(), choice.weightsSha256(),
                        other.toString(), choice.why(), false, "");
        assertThatThrownBy(() -> Engines.facts(changed)).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("ONNX Runtime on ")
                .hasMessageContaining(" computes other features than the machine that converted other.onnx");
    }
}
