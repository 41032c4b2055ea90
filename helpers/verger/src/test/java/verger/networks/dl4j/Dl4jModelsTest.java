package verger.networks.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_TRUNC;
import static org.bytedeco.hdf5.global.hdf5.H5S_SCALAR;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.StrType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.UnreadableWeightsException;

/** A file that is not a model is refused with one sentence on what it is and what to do. */
class Dl4jModelsTest {

    @TempDir
    Path dir;

    @Test
    void aZipIsLoadedWithItsOwnConfiguration() throws IOException {
        ComputationGraph network = TinyNetworks.chain(CNN2DFormat.NCHW, 8, new GlobalPoolingLayer(PoolingType.MAX));
        Path zip = zip(network);
        ComputationGraph loaded = Dl4jModels.load(zip);
        assertThat(loaded.params()).isEqualTo(network.params());
        assertThat(loaded.getConfiguration().getVertices()).containsOnlyKeys("layer_0", "output");
    }

    @Test
    void aZipCutShort() throws IOException {
        Path zip = zip(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new GlobalPoolingLayer(PoolingType.MAX)));
        byte[] bytes = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(bytes, bytes.length - 30));
        assertRefused(zip, "a zip that is cut short or damaged; copy or download it again.");
    }

    @Test
    void aZipWithDamagedParameters() throws IOException {
        Path zip = dir.resolve("model.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry(ModelSerializer.CONFIGURATION_JSON));
            out.write("{}".getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry(ModelSerializer.COEFFICIENTS_BIN));
            out.write(new byte[] {1, 2, 3});
        }
        assertRefused(zip, "a zip that DL4J cannot restore a ComputationGraph from (");
    }

    @Test
    void aKeras3Archive() throws IOException {
        assertRefused(zipOf("config.json", "metadata.json", "model.weights.h5"),
                "a .keras file; load it there, keras.saving.load_model('<name>.keras'), and write it as ONNX,"
                        + " model(images) once and then model.export('<name>.onnx', format='onnx'), and set model to that, or "
                        + "model.save('<name>.h5') for ResNet50, VGG16, VGG19, Xception and MobileNetV2 as keras.applications has them.");
    }

    @Test
    void aFileOfPyTorch() throws IOException {
        assertRefused(zipOf("archive/data.pkl"), "a file of PyTorch's weights, not of DL4J or Keras; set "
                + "network=ResNet50-torchvision for torchvision's ResNet50, whose features are others.");
    }

    @Test
    void anotherZip() throws IOException {
        assertRefused(zipOf("archive/data.txt"),
                "a zip without a DL4J model in it; give a DL4J zip (ModelSerializer) or a Keras .h5 (model.save).");
    }

    @Test
    void aKeras3File() throws IOException {
        assertRefused(h5("model_config", "{}", "keras_version", "3.5.0"), "a file of Keras 3.5.0, and DL4J imports Keras 2;"
                + " write it as ONNX, model(images) once and then model.export('<name>.onnx', format='onnx'), and set model to "
                + "that.");
    }

    @Test
    void weightsOnly() throws IOException {
        assertRefused(h5("keras_version", "2.15.0"),
                "an HDF5 file without a Keras model configuration (weights only, or not Keras); save the whole model");
    }

    @Test
    void aKerasModelThatDl4jDoesNotKnow() throws IOException {
        assertRefused(h5("model_config", "{\"class_name\": \"Model\"}", "keras_version", "2.15.0", "backend", "tensorflow"),
                "a Keras 2 file that DL4J cannot import (");
    }

    @Test
    void anHdf5FileCutShort() throws IOException {
        Path file = h5("model_config", "{}", "keras_version", "2.15.0");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(file, "an HDF5 file that is cut short or damaged; copy or download it again.");
    }

    @Test
    void somethingElse() throws IOException {
        assertRefused(Files.writeString(dir.resolve("page.h5"), "<html>404 Not Found</html>"),
                "neither a zip nor an HDF5 file; give a DL4J zip");
        assertRefused(Files.createFile(dir.resolve("empty.zip")), "empty; give a DL4J zip");
    }

    private static void assertRefused(Path file, String what) {
        assertThatThrownBy(() -> Dl4jModels.load(file))
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessageStartingWith("Cannot read weights from " + file + ": it is " + what)
                .message().doesNotContain("\n");
    }

    private Path zip(ComputationGraph network) throws IOException {
        Path zip = dir.resolve("model.zip");
        ModelSerializer.writeModel(network, zip.toFile(), false);
        return zip;
    }

    private Path zipOf(String... entries) throws IOException {
        Path zip = dir.resolve("model.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String entry : entries) {
                out.putNextEntry(new ZipEntry(entry));
            }
        }
        return zip;
    }

    private Path h5(String... namesAndValues) {
        Path file = dir.resolve("model.h5");
        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (H5File h5 = new H5File(file.toString(), H5F_ACC_TRUNC())) {
                for (int i = 0; i < namesAndValues.length; i += 2) {
                    try (StrType type = new StrType(PredType.C_S1(), -1);
                            DataSpace scalar = new DataSpace(H5S_SCALAR);
                            Attribute attribute = h5.createAttribute(namesAndValues[i], type, scalar)) {
                        attribute.write(type, namesAndValues[i + 1]);
                    }
                }
                h5._close();
            }
        }
        return file;
    }
}
