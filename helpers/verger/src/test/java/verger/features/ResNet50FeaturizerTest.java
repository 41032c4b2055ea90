package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.images.TestImages;

/** From image files to 2048 features on Spark, with weights that the user names. */
class ResNet50FeaturizerTest {

    @TempDir
    static Path folder;

    @Test
    void bothEnginesGiveTheSameFeaturesOfImageFiles() throws IOException {
        Path zip = folder.resolve("resnet50.zip");
        ComputationGraph network = KerasResNet50.network(ResNet50Network.Edition.OLD);
        ModelSerializer.writeModel(network, zip.toFile(), false);
        network.close();
        ImageFeaturizer onnx = new ImageFeaturizer().setWeights(zip.toString());
        ImageFeaturizer dl4j = new ImageFeaturizer().setWeights(zip.toString()).setNetwork("ResNet50").setEngine("dl4j");

        float[][] features = features(onnx);

        assertThat(onnx.choice().subtitle()).isEqualTo("ResNet50, 2048 features (its weights were given)");
        assertThat(onnx.choice().engine()).isEqualTo("onnx");
        assertThat(dl4j.choice().engine()).isEqualTo("dl4j");
        assertThat(features).hasDimensions(3, 2048);
        assertThat(Arrays2D.relativeDifference(features, features(dl4j))).isLessThan(1e-4);
    }

    @Test
    void aLayerThatOnnxCannotHaveIsRunByDl4j() throws IOException {
        Path zip = tiny(2048, "normalized.zip");
        ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork("ResNet50").setWeights(zip.toString()).setInputSize(8);

        assertThat(featurizer.choice().engine()).isEqualTo("dl4j");
        assertThat(featurizer.choice().details()).contains("Layer 'layer_0' (LocalResponseNormalization) cannot be exported to ONNX");
        assertThat(features(featurizer)).hasDimensions(3, 2048);
    }

    @Test
    void weightsOfAnotherNetworkAreNotTakenForItsOwn() throws IOException {
        Path zip = tiny(16, "other.zip");
        ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork("ResNet50").setWeights(zip.toString()).setInputSize(8);

        assertThatThrownBy(() -> features(featurizer))
                .hasMessageContaining("These weights give 16 features of an image, and ResNet50 has 2048: they are another network's");
    }

    @Test
    void weightsThatAreNoneSayWhatTheyAre() throws IOException {
        Path text = Files.writeString(folder.resolve("weights.txt"), "0.1 0.2");
        Path pth = Files.writeString(folder.resolve("weights.pth"), "0.1 0.2");

        assertThatThrownBy(() -> new ImageFeaturizer().setWeights(folder + "/none.zip").choice())
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessageContaining("ResNet50 weights not found: weights=" + folder + "/none.zip (no such local file)");
        assertThatThrownBy(() -> new ImageFeaturizer().setWeights(text.toString()).choice())
                .isInstanceOf(UnreadableWeightsException.class).hasMessageContaining(text.toString());
        assertThatThrownBy(() -> new ImageFeaturizer().setWeights(pth.toString()).choice())
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessageContaining("no PyTorch state dict").hasMessageContaining("efficientnet-lite0-57934424.pth");
    }

    /** A network that ends in so many features and has a layer that the exporter does not know. */
    private static Path tiny(int features, String name) throws IOException {
        ComputationGraph network = TinyNetworks.chain(CNN2DFormat.NCHW, 224,
                new LocalResponseNormalization(),
                new ConvolutionLayer.Builder(1, 1).nOut(features).build(),
                new GlobalPoolingLayer(PoolingType.AVG));
        Path zip = folder.resolve(name);
        ModelSerializer.writeModel(network, zip.toFile(), false);
        network.close();
        return zip;
    }

    private static float[][] features(ImageFeaturizer featurizer) {
        List<Row> images = new ArrayList<>();
        for (Color color : List.of(Color.RED, Color.GREEN, Color.YELLOW)) {
            images.add(RowFactory.create((Object) TestImages.jpeg(100, color)));
        }
        Dataset<Row> dataset = TestSpark.session().createDataFrame(images, new StructType().add("content", DataTypes.BinaryType));
        return featurizer.transform(dataset).collectAsList().stream().map(row -> {
            double[] values = row.<Vector>getAs("features").toArray();
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }).toArray(float[][]::new);
    }
}
