package verger.networks.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.networks.Arrays2D;
import verger.networks.UnsupportedLayerException;
import verger.networks.dl4j.Dl4jModels;
import verger.networks.dl4j.OnnxExporter;
import verger.networks.dl4j.TinyNetworks;
import verger.networks.onnx.OnnxRun;

/** Weights are exported once and then taken from the cache, unless what is there is damaged. */
class ModelCacheTest {

    /** Of a user that is not the one who runs this. */
    static final int NOBODY = 65534;

    @TempDir
    Path dir;
    private Weights weights;

    @BeforeEach
    void saveNetwork() throws Exception {
        Path zip = dir.resolve("model.zip");
        ModelSerializer.writeModel(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new GlobalPoolingLayer(PoolingType.AVG)),
                zip.toFile(), false);
        weights = new Weights(zip, Checksums.sha256(zip), zip.toString());
    }

    @Test
    void exportsOnce() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        assertThat(onnx).hasParentRaw(cache());
        assertThat(onnx.getFileName()).hasToString(weights.sha256() + "-v7-" + Checksums.sha256(onnx) + ".onnx");
        assertThat(OnnxRun.of(onnx, Arrays2D.pixels(2, 8), 2, 8)).containsOnlyKeys("features", "probabilities");

        Files.delete(weights.file());
        assertThat(onnxCache().of(weights, ModelCacheTest::export)).isEqualTo(onnx);
        assertNothingElseIn(onnx);
    }

    @Test
    void whatADeadProcessHasLeftOfAConversionGoes() throws Exception {
        Path onnx = onnxCache().of(weights, (in, out) -> Files.writeString(out, "model"));
        ProcessFilesTest.partOfDead(cache());
        assertThat(onnxCache().of(weights, (in, out) -> fail("it is there"))).isEqualTo(onnx);
        assertNothingElseIn(onnx);
    }

    @Test
    void replacesAFileThatWasCutShort() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        byte[] bytes = Files.readAllBytes(onnx);
        Files.write(onnx, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(onnxCache().of(weights, ModelCacheTest::export)).isEqualTo(onnx).hasBinaryContent(bytes);
        assertNothingElseIn(onnx);
    }

    /** As long as before, and under the name that was given to it. */
    @Test
    void aConvertedModelIsTrustedByItsContentAndNotByNameAndLength() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        byte[] bytes = Files.readAllBytes(onnx);
        byte[] changed = bytes.clone();
        changed[changed.length / 2] ^= 1;
        Files.write(onnx, changed);
        assertThat(onnxCache().of(weights, ModelCacheTest::export)).isEqualTo(onnx).hasBinaryContent(bytes);
    }

    /** Whoever may write to the file chooses its name by its content. */
    @Test
    void aConvertedModelThatOthersCanWriteIsMadeAnew() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        Path planted = onnx.resolveSibling(weights.sha256() + "-v7-" + Checksums.sha256("evil".getBytes(UTF_8)) + ".onnx");
        Files.writeString(planted, "evil");
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.delete(onnx);
        assertThat(onnxCache().of(weights, ModelCacheTest::export)).isEqualTo(onnx);

        // What this user alone can write is this user's.
        Files.delete(onnx);
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(onnxCache().of(weights, ModelCacheTest::export)).isEqualTo(planted);
    }

    @Test
    void whatIsNoFileOfItsOwnIsNotUsed() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        Path elsewhere = Files.writeString(dir.resolve("elsewhere"), "evil");
        Path link = onnx.resolveSibling(weights.sha256() + "-v7-" + Checksums.sha256(elsewhere) + ".onnx");
        Files.createSymbolicLink(link, elsewhere);
        Files.createDirectory(onnx.resolveSibling(weights.sha256() + "-v7-folder.onnx"));
        Files.delete(onnx);
        assertThat(onnxCache().of(weights, ModelCacheTest::export)).isEqualTo(onnx);
    }

    @Test
    void whatAnotherUserHasMadeIsNotUsed() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a file to another user");
        Path onnx = onnxCache().of(weights, (in, out) -> Files.writeString(out, "theirs"));
        Files.setAttribute(onnx, "unix:uid", NOBODY);
        assertThat(onnxCache().of(weights, (in, out) -> Files.writeString(out, "ours"))).hasParentRaw(cache())
                .hasContent("ours");

        Files.setAttribute(cache(), "unix:uid", NOBODY);
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(onnxCache().of(weights, (in, out) -> Files.writeString(out, "ours")).startsWith(cache())).isFalse();
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(onnxCache().of(weights, (in, out) -> fail("made once in a process")).startsWith(cache())).isFalse();
    }

    /** What counts is where it leads to. */
    @Test
    void aLinkToAFolderThatOthersCanReplaceIsNotUsed() throws Exception {
        Path above = Files.createDirectory(dir.resolve("above"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), Files.createDirectory(above.resolve("cache")));
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));
        ModelCache cache = new ModelCache(link, 7, ".onnx");
        Path onnx = cache.of(weights, (in, out) -> Files.writeString(out, "model"));
        assertThat(onnx.startsWith(link)).isFalse();

        // A folder for temporary files is cleaned at times.
        Files.delete(onnx);
        Files.delete(onnx.getParent());
        assertThat(cache.of(weights, (in, out) -> Files.writeString(out, "model"))).hasContent("model");
    }

    /** Others could put a folder of their own in its place. */
    @ParameterizedTest
    @CsvSource({"rwxrwxrwx, false", "rwxrwxr-x, false", "rwxr-xr-x, true"})
    void aCacheThatOthersCanWriteToIsNotUsed(String permissions, boolean isUsed) throws Exception {
        Path above = Files.createDirectory(dir.resolve("above"));
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString(permissions));
        ModelCache cache = new ModelCache(above.resolve("cache"), 7, ".onnx");
        Path onnx = cache.of(weights, ModelCacheTest::export);
        assertThat(onnx.startsWith(above)).isEqualTo(isUsed);
        assertThat(cache.of(weights, (in, out) -> fail("made once in a process"))).isEqualTo(onnx);
        assertThat(Files.getPosixFilePermissions(onnx.getParent())).doesNotContain(PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_WRITE);
    }

    @Test
    void otherWeightsHaveAnotherFile() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        assertThat(onnxCache().of(new Weights(weights.file(), "0".repeat(64), ""), ModelCacheTest::export)).isNotEqualTo(onnx);
    }

    @Test
    void anotherVersionOfTheMakerHasAnotherFile() throws Exception {
        Path onnx = onnxCache().of(weights, ModelCacheTest::export);
        assertThat(new ModelCache(cache(), 8, ".onnx").of(weights, ModelCacheTest::export)).isNotEqualTo(onnx)
                .hasSameBinaryContentAs(onnx);
    }

    @Test
    void whatIsRefusedIsNotKept() throws Exception {
        assertThatThrownBy(() -> onnxCache().of(weights, (in, out) -> {
            export(in, out);
            throw new UnsupportedLayerException("layer_0", "a test");
        })).isInstanceOf(UnsupportedLayerException.class);
        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void servesTasksOfSeveralThreads() throws Exception {
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> task = () -> onnxCache().of(weights, ModelCacheTest::export);
            Path onnx = onnxCache().of(weights, ModelCacheTest::export);
            FileTime written = Files.getLastModifiedTime(onnx);
            for (Future<Path> result : tasks.invokeAll(List.of(task, task, task, task))) {
                assertThat(result.get()).isEqualTo(onnx);
            }
            assertThat(Files.getLastModifiedTime(onnx)).isEqualTo(written);
        } finally {
            tasks.shutdown();
        }
    }

    /** Each takes some hundred megabytes while it is made. */
    @Test
    void severalThreadsMakeAFileOnce() throws Exception {
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        AtomicInteger made = new AtomicInteger();
        try {
            Callable<Path> task = () -> onnxCache().of(weights, (in, out) -> {
                made.incrementAndGet();
                pause();
                Files.writeString(out, "model");
            });
            for (Future<Path> result : tasks.invokeAll(List.of(task, task, task, task))) {
                assertThat(result.get()).hasContent("model");
            }
        } finally {
            tasks.shutdown();
        }
        assertThat(made).hasValue(1);
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Other users of a shared cache read it. */
    @Test
    void aFileHasThePermissionsOfAnyOther() throws Exception {
        Path onnx = onnxCache().of(weights, (in, out) -> Files.writeString(out, "model"));

        assertThat(Files.getPosixFilePermissions(onnx))
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(dir.resolve("any other"))));
    }

    private void assertNothingElseIn(Path file) throws Exception {
        try (var files = Files.list(cache())) {
            assertThat(files).containsExactly(file);
        }
    }

    private ModelCache onnxCache() {
        return new ModelCache(cache(), 7, ".onnx");
    }

    private static void export(Weights weights, Path onnx) throws IOException {
        ComputationGraph network = Dl4jModels.load(weights.file());
        OnnxExporter.export(network, 8, onnx);
        network.close();
    }

    private Path cache() {
        return dir.resolve("cache");
    }
}
