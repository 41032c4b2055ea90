package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.features.ImagePredictor;
import verger.networks.dl4j.SeededWeights;
import verger.networks.weights.Checksums;
import verger.networks.weights.WeightsSearchTest;

/** ONNX models that another program exported take a network's place and give that program's numbers. */
class GivenModelTest {

    private static final int CLASSES = 1000;

    @TempDir
    static Path folder;

    /** Three times, so that batches of two and of one image go through. */
    private static Dataset<Row> images;

    @BeforeAll
    static void readImage() throws IOException {
        try (InputStream in = GivenModelTest.class.getResourceAsStream("/images/pattern-64x64-pillow.png")) {
            images = TestSpark.session().createDataFrame(Collections.nCopies(3, RowFactory.create((Object) in.readAllBytes())),
                    new StructType().add("content", DataTypes.BinaryType)).coalesce(1);
        }
    }

    /** What ONNX Runtime for Python gives of the same files, normalized by NumPy: see torchvision/make.py. */
    @ParameterizedTest
    @ValueSource(strings = {"dynamo", "torchscript"})
    void torchvisionsResNet18GivesTheNumbersOfOnnxRuntimeForPython(String exporter) throws IOException {
        String model = resNet18(exporter).toString();
        List<String> expected = text("/features/torchvision/resnet18-" + exporter + ".csv").lines().toList();

        ImageFeaturizer featurizer = new ImageFeaturizer().setModel(model).setBatchSize(2);
        for (float[] row : rows(featurizer.transform(images), "features")) {
            assertThat(Arrays2D.relativeDifference(new float[][] {row}, numbers(expected.get(0)))).isLessThan(1e-5);
        }
        ImagePredictor predictor = new ImagePredictor().setModel(model).setDecode(false).setBatchSize(2);
        for (float[] row : rows(predictor.transform(images), predictor.getOutputCol())) {
            assertThat(Arrays2D.relativeDifference(new float[][] {row}, numbers(expected.get(1)))).isLessThan(1e-5);
        }
        NetworkChoice choice = featurizer.choice();
        assertThat(choice.network().name()).isEqualTo("resnet18-" + exporter);
        assertThat(choice.network().inputSize()).isEqualTo(64);
        assertThat(choice.network().featureSize()).isEqualTo(512);
        assertThat(choice.network().classCount()).isEqualTo(CLASSES);
        assertThat(choice.why()).isEqualTo("model " + model
                + " was given; no card says how to normalize, so as torchvision does");
    }

    @Test
    void theCardBesideTheModelCountsUnlessAnotherIsGiven() throws IOException {
        Path model = Files.copy(resNet18("torchscript"), folder.resolve("carded.onnx"));
        Files.writeString(folder.resolve("carded.json"), "{\"name\": \"mine\", \"channelOrder\": \"BGR\", \"mean\": [1, 2, 3],"
                + " \"features\": \"/layer4/layer4.1/relu_1/Relu_output_0\", \"classes\": \"imagenet\"}");
        ImageFeaturizer featurizer = new ImageFeaturizer().setModel(model.toString());

        NetworkChoice beside = featurizer.choice();
        assertThat(beside.network().name()).isEqualTo("mine");
        assertThat(beside.network().mean()).containsExactly(1, 2, 3);
        assertThat(beside.network().scale()).containsExactly(1, 1, 1);
        assertThat(beside.network().classes()).isEqualTo(ClassNames.IMAGENET);
        assertThat(beside.network().featureLayer()).isEqualTo("/layer4/layer4.1/relu_1/Relu_output_0, averaged over its map");
        assertThat(beside.why()).isEqualTo("model " + model + " was given");

        ImageFeaturizer pinned = featurizer.pinned();
        Files.delete(folder.resolve("carded.json"));
        assertThat(pinned.choice().network()).usingRecursiveComparison().isEqualTo(beside.network());
        assertThat(featurizer.choice().network().name()).isEqualTo("carded");
        assertThat(featurizer.setCard(new ModelCard().setName("yours")).choice().network().name()).isEqualTo("yours");
    }

    @Test
    void aModelOnAnotherFileSystemBringsItsCardAlong() throws IOException {
        Path model = Files.copy(resNet18("torchscript"), folder.resolve("remote é.onnx"));
        Files.writeString(folder.resolve("remote é.json"), "{\"name\": \"remote\"}");
        Configuration hadoop = new Configuration();
        hadoop.set("fs.bucket.impl", WeightsSearchTest.BucketFileSystem.class.getName());
        String uri = "bucket://name" + model;

        NetworkChoice choice = GivenModel.choose(uri, "", hadoop);
        assertThat(choice.network().name()).isEqualTo("remote");
        assertThat(choice.weightsFrom()).isEqualTo(uri);
        assertThat(choice.weightsSha256()).isEqualTo(Checksums.sha256(model));
        assertThatThrownBy(() -> GivenModel.choose(uri + "x", "", hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("Model not found: model=" + uri + "x (no such file); set model=<path or URI of an .onnx file>.");
    }

    @Test
    void aCardThatIsWrongSaysWhichOne() throws IOException {
        Path model = Files.copy(resNet18("torchscript"), folder.resolve("wrong.onnx"));
        Files.writeString(folder.resolve("wrong.json"), "{\"sise\": 64}");
        ImageFeaturizer featurizer = new ImageFeaturizer().setModel(model.toString());
        assertThatThrownBy(featurizer::choice).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve("wrong.json")
                        + ": A model card has no 'sise': known are name, inputSize,");
        assertThatThrownBy(() -> featurizer.setCard(new ModelCard().setClasses("apple", "pear")).choice())
                .hasMessage("Cannot use the model " + model
                        + ": it has 1000 classes, and its card names 2; name each in the card's classes,"
                        + " or leave them out.");
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> new ImageFeaturizer().setModel("m.onnx").setEngine("dl4j").choice())
                .hasMessage("The engine dl4j runs networks of DL4J's zoo only: set engine=onnx for the model m.onnx");
        assertThatThrownBy(() -> new ImageFeaturizer().setModel("m.onnx").setWeights("w.h5").choice())
                .hasMessage("A model has its weights within: model=m.onnx and weights=w.h5 are both set; leave one of them "
                        + "empty");
        assertThatThrownBy(() -> new ImageFeaturizer().setCard("{")).hasMessageStartingWith("This is no model card: ");
    }

    private static Path resNet18(String exporter) throws IOException {
        Path file = folder.resolve("resnet18-" + exporter + ".onnx");
        if (!Files.exists(file)) {
            SeededWeights.fill("/features/torchvision/resnet18-" + exporter + ".onnx", file);
        }
        return file;
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = GivenModelTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static float[][] numbers(String line) {
        String[] texts = line.split(",");
        float[] numbers = new float[texts.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(texts[i]);
        }
        return new float[][] {numbers};
    }

    private static float[][] rows(Dataset<Row> table, String column) {
        return table.collectAsList().stream().map(row -> {
            double[] values = row.<Vector>getAs(column).toArray();
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }).toArray(float[][]::new);
    }
}
