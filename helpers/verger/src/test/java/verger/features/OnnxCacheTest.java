package verger.features;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Weights are exported once and then taken from the cache, unless what is there is damaged. */
class OnnxCacheTest {

    @TempDir
    Path dir;
    private Weights weights;

    @BeforeEach
    void saveNetwork() throws Exception {
        Path zip = dir.resolve("model.zip");
        ModelSerializer.writeModel(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new GlobalPoolingLayer(PoolingType.AVG)), zip.toFile(), false);
        weights = new Weights(zip, Checksums.sha256(zip), zip.toString());
    }

    @Test
    void exportsOnce() throws Exception {
        Path onnx = new OnnxCache(cache()).of(weights, OnnxExporter.from(8));
        assertThat(onnx).hasParentRaw(cache()).hasSize(Files.size(onnx));
        assertThat(onnx.getFileName().toString()).startsWith(weights.sha256() + "-v" + OnnxExporter.VERSION + "-").endsWith(".onnx");
        assertThat(OnnxRun.of(onnx, Arrays2D.pixels(2, 8), 2, 8)).containsOnlyKeys("features", "probabilities");

        Files.delete(weights.file());
        assertThat(new OnnxCache(cache()).of(weights, OnnxExporter.from(8))).isEqualTo(onnx);
        assertNothingElseIn(onnx);
    }

    @Test
    void replacesAFileThatWasCutShort() throws Exception {
        Path onnx = new OnnxCache(cache()).of(weights, OnnxExporter.from(8));
        byte[] bytes = Files.readAllBytes(onnx);
        Files.write(onnx, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(new OnnxCache(cache()).of(weights, OnnxExporter.from(8))).isEqualTo(onnx).hasBinaryContent(bytes);
        assertNothingElseIn(onnx);
    }

    @Test
    void otherWeightsHaveAnotherFile() throws Exception {
        Path onnx = new OnnxCache(cache()).of(weights, OnnxExporter.from(8));
        assertThat(new OnnxCache(cache()).of(new Weights(weights.file(), "0".repeat(64), ""), OnnxExporter.from(8))).isNotEqualTo(onnx);
    }

    @Test
    void servesTasksOfSeveralThreads() throws Exception {
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> task = () -> new OnnxCache(cache()).of(weights, OnnxExporter.from(8));
            Path onnx = new OnnxCache(cache()).of(weights, OnnxExporter.from(8));
            FileTime written = Files.getLastModifiedTime(onnx);
            for (Future<Path> result : tasks.invokeAll(List.of(task, task, task, task))) {
                assertThat(result.get()).isEqualTo(onnx);
            }
            assertThat(Files.getLastModifiedTime(onnx)).isEqualTo(written);
        } finally {
            tasks.shutdown();
        }
    }

    private void assertNothingElseIn(Path file) throws Exception {
        try (var files = Files.list(cache())) {
            assertThat(files).containsExactly(file);
        }
    }

    private Path cache() {
        return dir.resolve("cache");
    }
}
