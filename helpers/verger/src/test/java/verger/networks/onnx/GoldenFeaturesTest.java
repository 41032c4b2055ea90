package verger.networks.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.Arrays2D;

/** A converted model carries the features of one fixed image, and a machine that computes others is noticed. */
class GoldenFeaturesTest {

    @TempDir
    Path dir;

    /** Features: the means of the three planes. */
    private Path model() throws Exception {
        OnnxGraph graph = new OnnxGraph("means");
        graph.input("pixels", "batch", 3, "height", "width");
        String pooled = graph.node("GlobalAveragePool", "pool", "pixels").output();
        graph.output("features", graph.node("Flatten", "rows", pooled).withOne("axis", 1).output(), "batch", 3);
        Path file = dir.resolve("model.onnx");
        graph.write(file, "1");
        return file;
    }

    @Test
    void aModelWithItsOwnFeaturesIsTaken() throws Exception {
        Path model = model();
        GoldenFeatures.appendOwn(model, 16);
        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            engine.requireGoldenFeatures("model");
        }
        // The mean of the pattern, computed here by hand: red, of 16 × 16.
        double sum = 0;
        for (int i = 0; i < 256; i++) {
            int x = i % 16;
            int y = i / 16;
            sum += (((37 * x + 91 * y + x * y / 7) & 255) - 127.5) / 64;
        }
        GoldenFeatures golden = GoldenFeatures.of(properties(model));
        assertThat((double) golden.features()[0]).isCloseTo(sum / 256, org.assertj.core.data.Offset.offset(1e-5));
        assertThat(OnnxRun.of(model, Arrays2D.pixels(2, 8), 2, 8).get("features")).hasDimensions(2, 3);
    }

    @Test
    void aMachineThatComputesOtherFeaturesIsNamed() throws Exception {
        Path model = model();
        float[] right = own(model);
        float[] wrong = right.clone();
        wrong[1] += 2e-3f * length(right);
        new GoldenFeatures(16, false, wrong).append(model);
        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            assertThatThrownBy(() -> engine.requireGoldenFeatures("model.onnx")).isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("ONNX Runtime on \\Q" + InetAddress.getLocalHost().getHostName()
                            + "\\E computes other features than the machine that converted model.onnx: of a fixed image the first "
                            + "is \\S+ instead of \\S+, and all differ by 0.0020 of their length, where 1e-03 is the most; "
                            + "take this machine out of the cluster");
        }
    }

    @Test
    void sumsInAnotherOrderAreNoOtherFeatures() throws Exception {
        Path model = model();
        float[] right = own(model);
        float[] near = right.clone();
        near[1] += 5e-4f * length(right);
        new GoldenFeatures(16, false, near).append(model);
        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            engine.requireGoldenFeatures("model");
        }
    }

    @Test
    void anotherNumberOfFeaturesIsNoticed() throws Exception {
        Path model = model();
        new GoldenFeatures(16, false, new float[] {1, 2}).append(model);
        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            assertThatThrownBy(() -> engine.requireGoldenFeatures("model")).hasMessageContaining("differ by Infinity");
        }
    }

    @Test
    void aModelWithoutThemOrWithoutNumbersIsTakenAsItIs() throws Exception {
        Path model = model();
        long length = Files.size(model);
        new GoldenFeatures(16, false, new float[] {1, Float.NaN, 2}).append(model);
        assertThat(model).hasSize(length);
        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            engine.requireGoldenFeatures("model");
        }
    }

    private static float[] own(Path model) {
        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            return GoldenFeatures.of(engine, 16).features();
        }
    }

    private static float length(float[] features) {
        double squares = 0;
        for (float feature : features) {
            squares += feature * feature;
        }
        return (float) Math.sqrt(squares);
    }

    private static java.util.Map<String, String> properties(Path model) throws Exception {
        java.util.Map<String, String> properties = new java.util.HashMap<>();
        OnnxFile.read(model, "model", name -> null).model().getMetadataPropsList()
                .forEach(p -> properties.put(p.getKey(), p.getValue()));
        return properties;
    }
}
