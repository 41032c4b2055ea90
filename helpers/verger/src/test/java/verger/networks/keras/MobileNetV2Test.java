package verger.networks.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static verger.networks.Arrays2D.relativeDifference;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.NetworkSource;
import verger.networks.Networks;
import verger.networks.WeightsNotFoundException;
import verger.networks.onnx.OnnxEngine;
import verger.networks.onnx.OnnxRun;
import verger.networks.weights.Checksums;
import verger.networks.weights.Weights;

/** MobileNetV2 against Keras 2 itself, on weights that a formula makes; {@code resources/networks/keras/make.py} is its half. */
class MobileNetV2Test {

    private static final int SIZE = 224;
    private static final NetworkSource SOURCE = Networks.sources().stream()
            .filter(source -> source.network().name().equals("MobileNetV2")).findFirst().orElseThrow();

    @TempDir
    Path dir;

    @Test
    void featuresAndClassesAreThoseOfKeras() throws Exception {
        List<String> expected = lines("mobilenetv2-features.csv");
        Map<String, float[][]> outputs = run(write(name -> true));

        assertThat(relativeDifference(outputs.get("features"), row(expected.get(0)))).isLessThan(1e-5);
        float[][] first = {Arrays.copyOf(outputs.get("probabilities")[0], 20)};
        assertThat(relativeDifference(first, row(expected.get(1)))).isLessThan(1e-5);
        assertThat(outputs.get("probabilities")[0]).hasSize(1000);
    }

    @Test
    void weightsWithoutAClassifierGiveTheSameFeatures() throws Exception {
        Map<String, float[][]> outputs = run(write(name -> !name.startsWith("predictions")));

        assertThat(relativeDifference(outputs.get("features"), row(lines("mobilenetv2-features.csv").get(0)))).isLessThan(1e-5);
        assertThat(outputs).containsOnlyKeys("features");
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws Exception {
        Path file = write(name -> !name.startsWith("block_16_"));
        assertThatThrownBy(() -> run(file)).hasMessage("Cannot read weights from " + file + ": it is a file of weights without "
                + "the layer 'block_16_expand', where MobileNetV2 has kernel [1×1×160×960]; give weights of MobileNetV2, or "
                + "set network to theirs.");
    }

    @Test
    void theUserBringsTheFile() {
        assertThatThrownBy(() -> SOURCE.find("", new Configuration())).isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("MobileNetV2 weights not found: looked in weights= (not set); set weights=<path or s3a:// URI of a "
                        + "Keras .h5>.");
    }

    /** A file with the names and shapes that Keras itself gave. */
    private Path write(Predicate<String> layers) throws Exception {
        Map<String, Map<String, INDArray>> weights = new LinkedHashMap<>();
        for (String line : lines("mobilenetv2-weights.csv")) {
            String[] told = line.split(";");
            if (layers.test(told[0])) {
                long[] shape = Stream.of(told[2].split("x")).mapToLong(Long::parseLong).toArray();
                weights.computeIfAbsent(told[0], name -> new LinkedHashMap<>())
                        .put(told[1].substring(told[1].indexOf('/') + 1), values(told[1], shape));
            }
        }
        Path file = dir.resolve("weights.h5");
        KerasFile.writeWeights(file, weights);
        return file;
    }

    private Map<String, float[][]> run(Path weights) throws Exception {
        Path onnx = dir.resolve("model.onnx");
        SOURCE.onnx().maker().write(new Weights(weights, Checksums.sha256(weights), "here"), onnx);
        double[] image = spread("pixels", SIZE * SIZE * 3);
        float[] pixels = new float[image.length];
        for (int i = 0; i < SIZE * SIZE; i++) {
            for (int c = 0; c < 3; c++) {
                float value = (float) Math.floor(256 * image[3 * i + c]);
                pixels[c * SIZE * SIZE + i] = (value - SOURCE.network().mean()[c]) / SOURCE.network().scale()[c];
            }
        }
        try (OnnxEngine engine = new OnnxEngine(onnx, 1)) {
            engine.requireGoldenFeatures("MobileNetV2"); // which DL4J computed
        }
        return OnnxRun.of(onnx, pixels, 1, SIZE);
    }

    private static INDArray values(String name, long[] shape) {
        double low = -0.1;
        double high = 0.1;
        if (name.endsWith("gamma:0")) {
            low = 0.4;
            high = 0.9;
        } else if (name.endsWith("moving_variance:0")) {
            low = 0.5;
            high = 1.5;
        } else if (name.contains("kernel")) {
            int axes = name.contains("depthwise_kernel") ? 2 : shape.length - 1;
            double inputs = LongStream.of(shape).limit(axes).reduce(1, (a, b) -> a * b);
            high = Math.sqrt(6 / inputs) * (shape.length == 2 ? 0.05 : 1);
            low = -high;
        }
        double[] spread = spread(name, (int) LongStream.of(shape).reduce(1, (a, b) -> a * b));
        float[] values = new float[spread.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (low + (high - low) * spread[i]);
        }
        return Nd4j.create(values, shape, 'c');
    }

    private static double[] spread(String name, int count) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.US_ASCII));
        double[] spread = new double[count];
        for (int i = 0; i < count; i++) {
            long x = (i * 2654435761L + crc.getValue()) & 0xffffffffL;
            x ^= x >> 16;
            x = x * 2246822519L & 0xffffffffL;
            x ^= x >> 13;
            spread[i] = x / 0x1p32;
        }
        return spread;
    }

    private static float[][] row(String line) {
        String[] numbers = line.split(",");
        float[] row = new float[numbers.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = Float.parseFloat(numbers[i]);
        }
        return new float[][] {row};
    }

    private static List<String> lines(String name) throws Exception {
        return Files.readAllLines(Path.of(MobileNetV2Test.class.getResource("/networks/keras/" + name).toURI()));
    }
}
