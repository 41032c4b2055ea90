package verger.networks.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static verger.networks.Arrays2D.pixels;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnknownFieldSet;
import verger.features.ImageFeaturizer;
import verger.networks.Arrays2D;
import verger.networks.GivenModel;
import verger.networks.ModelCard;
import verger.networks.NetworkChoice;
import verger.networks.Output;
import verger.networks.UnusableModelException;
import verger.networks.WeightsNotFoundException;

/**
 * Small models whose numbers are known in closed form: the features are the averages of the three channels, the logits twice
 * that.
 */
class OnnxAdapterTest {

    private static final int SIZE = 8;

    @TempDir
    Path dir;

    private final OnnxGraph graph = new OnnxGraph("test");

    @Test
    void logitsGoThroughASoftmaxAndFeaturesAreWhatGoesIntoTheGemm() throws Exception {
        graph.input("image", "n", 3, "h", "w");
        graph.output("logits", dense(average("image")), "n", 3);
        assertAverages(adapted(new ModelCard().setInputSize(SIZE)), true);
    }

    @ParameterizedTest
    @CsvSource({"Softmax", "LogSoftmax"})
    void probabilitiesAreTakenAsTheyAre(String function) throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("scores", graph.node(function, "function", dense(average("image"))).withOne("axis", 1).output(), "n", 3);
        assertAverages(adapted(new ModelCard()), true);
    }

    @Test
    void channelsMayComeLast() throws Exception {
        graph.input("image", "n", SIZE, SIZE, 3);
        String planes = graph.node("Transpose", "planes", "image").with("perm", 0, 3, 1, 2).output();
        graph.output("logits", dense(average(planes)), "n", 3);
        assertAverages(adapted(new ModelCard()), true);
    }

    @Test
    void freeLengthsNeedALayout() throws Exception {
        graph.input("image", "n", "a", "b", "c");
        String planes = graph.node("Transpose", "planes", "image").with("perm", 0, 3, 1, 2).output();
        graph.output("logits", dense(average(planes)), "n", 3);
        assertThatThrownBy(() -> adapted(new ModelCard()))
                .hasMessage("Cannot use the model m.onnx: its input image float[?×?×?×?] has no axis"
                        + " of 3 channels; set layout in its card to NCHW or NHWC.");
        assertAverages(adapted(new ModelCard().setLayout("nhwc").setInputSize(SIZE)), true);
    }

    @Test
    void bytesAreTakenAsTheyAre() throws Exception {
        graph.input("image", "n", SIZE, SIZE, 3);
        String floats = graph.node("Cast", "floats", "image").withOne("to", TensorProto.DataType.FLOAT_VALUE).output();
        graph.output("logits", dense(average(graph.node("Transpose", "planes", floats).with("perm", 0, 3, 1, 2).output())), "n",
                3);
        Path model = adapted(new ModelCard(), m -> m.getGraphBuilder().getInputBuilder(0)
                .getTypeBuilder().getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.UINT8_VALUE));

        float[] bytes = new float[3 * SIZE * SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = i;
        }
        assertThat(AdaptedModel.of(model).takesBytes()).isTrue();
        assertThat(OnnxRun.of(model, bytes, 1, SIZE).get("features")[0]).containsExactly(31.5f, 95.5f, 159.5f);
    }

    @Test
    void aPooledConvolutionIsAClassifierAsSqueezeNetHasIt() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        String conv = graph.node("Conv", "classes", "image", graph.constant(twice(), 3, 3, 1, 1)).output();
        String pooled = graph.node("GlobalAveragePool", "pool", conv).output();
        graph.output("scores", graph.node("Softmax", "softmax", pooled).withOne("axis", 1).output(), "n", 3, 1, 1);
        assertAverages(adapted(new ModelCard()), true);
    }

    @Test
    void aConvolutionThatEndsInAReluIsAClassifierWhereTheCardHasClasses() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        String conv = graph.node("Conv", "classes", "image", graph.constant(twice(), 3, 3, 1, 1)).output();
        graph.output("scores", average(graph.node("Relu", "relu", conv).output()), "n", 3);
        assertThat(run(adapted(new ModelCard()))).containsOnlyKeys("features");
        assertThat(AdaptedModel.of(adapted(new ModelCard().setClasses("a", "b",
                "c"))).featureLayer()).isEqualTo("image, averaged over its map");
    }

    @Test
    void aModelWithoutAClassifierGivesItsOutput() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("embedding", average("image"), "n", 3);
        assertAverages(adapted(new ModelCard()), false);
        assertThat(AdaptedModel.of(dir.resolve("adapted.onnx")).classCount()).isZero();
    }

    @Test
    void aMapAsOutputIsAveraged() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("map", graph.node("Identity", "map", "image").output(), "n", 3, SIZE, SIZE);
        assertAverages(adapted(new ModelCard()), false);
        assertThat(AdaptedModel.of(dir.resolve("adapted.onnx")).featureLayer()).isEqualTo("map, averaged over its map");
    }

    /** What Keras' include_top=False gives for images of any size. */
    @Test
    void aMapOfFreeLengthsWithItsChannelsLastIsAveragedOverHeightAndWidth() throws Exception {
        graph.input("image", "n", "h", "w", 3);
        graph.output("map", graph.node("Mul", "map", "image", graph.constant(new float[] {1})).output(), "n", "h", "w", 3);
        assertAverages(adapted(new ModelCard().setInputSize(SIZE)), false);
    }

    @Test
    void theScopeOfKerasIsPartOfAName() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("model/relu", graph.node("Relu", "last", average("image")).output(), "n", 3);
        Path model = adapted(new ModelCard().setFeatures("model/relu"));
        assertThat(AdaptedModel.of(model).featureLayer()).isEqualTo("model/relu");
    }

    @Test
    void featuresAreCutAtAnyNamedTensor() throws Exception {
        graph.input("image", "n", SIZE, SIZE, 3);
        String doubled = graph.node("Mul", "doubled", "image", graph.constant(new float[] {2})).output();
        graph.output("logits", dense(average(graph.node("Transpose", "planes", doubled).with("perm", 0, 3, 1, 2).output())),
                "n", 3);

        float[][] planes = run(adapted(new ModelCard().setFeatures("/planes"))).get("features");
        float[][] channelsLast = run(adapted(new ModelCard().setFeatures("/doubled"))).get("features");

        assertThat(planes).isDeepEqualTo(run(adapted(new ModelCard())).get("features"));
        assertThat(Arrays2D.relativeDifference(channelsLast, planes)).isLessThan(1e-6);
    }

    @Test
    void aTensorThatIsNotThereListsThoseThatAre() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        String conv = graph.node("Conv", "stem", "image", graph.constant(new float[5 * 3], 5, 3, 1, 1)).output();
        graph.output("logits", graph.node("Gemm", "fc", average(conv), graph.constant(new float[10], 5, 2)).output(), "n", 2);
        assertThatThrownBy(() -> adapted(new ModelCard().setFeatures("avgpool"))).isInstanceOf(UnusableModelException.class)
                .hasMessage("Cannot use the model m.onnx: it has no tensor 'avgpool', which its card names as features; set "
                        + "features in its card to one of logits [?×2], /rows [?×5], /average [?×5×1×1], /stem [?×5×8×8].");
    }

    @Test
    void tensorsMayBeCalledAsTheEnginesCallTheirs() throws Exception {
        graph.input("probabilities", "n", 3, SIZE, SIZE);
        graph.output("pixels", dense(average("probabilities")), "n", 3);
        graph.output("features", average2("probabilities"), "n", 3);
        Path model = adapted(new ModelCard().setFeatures("features").setOutput("pixels"));
        assertAverages(model, true);
        assertThat(AdaptedModel.of(model).featureLayer()).isEqualTo("features");
    }

    @Test
    void aGraphForOneImageIsOpenedToMore() throws Exception {
        graph.input("image", 1, 3, SIZE, SIZE);
        String pooled = graph.node("GlobalAveragePool", "average", "image").output();
        String row = graph.node("Reshape", "row", pooled, graph.constant(1L, -1)).output();
        String same = graph.node("Reshape", "same", row, graph.constant(1L, 3)).output();
        graph.output("logits", dense(same), 1, 3);
        assertAverages(adapted(new ModelCard()), true);
    }

    @Test
    void aGraphThatMixesImagesIsRunOnOneAtATime() throws Exception {
        graph.input("image", 1, 3, SIZE, SIZE);
        String all = graph.node("ReduceMean", "all", "image").with("axes", 0, 1, 2, 3).withOne("keepdims", 1).output();
        String centred = graph.node("Sub", "centred", "image", all).output();
        graph.output("embedding", average(centred), 1, 3);
        Path model = adapted(new ModelCard());

        try (OnnxEngine engine = new OnnxEngine(model, 1)) {
            float[] two = pixels(2, SIZE);
            float[][] rows = engine.run(Output.FEATURES, FloatBuffer.wrap(two), 2, SIZE);
            for (int i = 0; i < 2; i++) {
                double[] means = means(two, i);
                double mean = Arrays.stream(means).average().orElseThrow();
                for (int c = 0; c < 3; c++) {
                    assertThat((double) rows[i][c]).isCloseTo(means[c] - mean, within(1e-4));
                }
            }
        }
    }

    @Test
    void aGraphForEightImagesThatCannotBeOpenedIsRefused() throws Exception {
        graph.input("image", 8, 3, SIZE, SIZE);
        String all = graph.node("ReduceMean", "all", "image").with("axes", 0, 1, 2, 3).withOne("keepdims", 1).output();
        graph.output("embedding", average(graph.node("Sub", "centred", "image", all).output()), 8, 3);
        assertThatThrownBy(() -> adapted(new ModelCard()))
                .hasMessage("Cannot use the model m.onnx: it takes 8 images at a time and no"
                        + " other number; export it with a free batch dimension.");
    }

    @Test
    void fieldsThatThisProtobufDoesNotKnowSurvive() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("logits", dense(average("image")), "n", 3);
        UnknownFieldSet later = UnknownFieldSet.newBuilder().addField(901, UnknownFieldSet.Field.newBuilder()
                .addVarint(7).build()).build();
        Path model = adapted(new ModelCard(), m -> {
            m.setUnknownFields(later);
            m.getGraphBuilder().getNodeBuilder(0).setUnknownFields(later);
        });
        ModelProto read = ModelProto.parseFrom(Files.readAllBytes(model));
        assertThat(read.getUnknownFields()).isEqualTo(later);
        assertThat(read.getGraph().getNodeList().stream().map(NodeProto::getUnknownFields)).contains(later);
    }

    @Test
    void weightsOfOlderFilesAreNoInputs() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("logits", dense(average("image")), "n", 3);
        assertAverages(
                adapted(new ModelCard(),
                        m -> m.getGraphBuilder().getInitializerList()
                                .forEach(tensor -> m.getGraphBuilder().addInput(OnnxOutputs.value(tensor.getName(), 3, 3)))),
                true);
    }

    @Test
    void modelsThatTakeNoImagesSayWhatTheyTake() throws Exception {
        graph.input("tokens", "n", 77);
        graph.input("mask", "n", 77);
        graph.output("y", graph.node("Add", "sum", "tokens", "mask").output(), "n", 77);
        assertThatThrownBy(() -> adapted(new ModelCard()))
                .hasMessage("Cannot use the model m.onnx: it is to have one input, an image of 4"
                        + " axes (float or uint8), and has tokens float[?×77], mask float[?×77]; export the part of it that takes "
                        + "images.");
    }

    @Test
    void otherShapesOfImagesAreRefused() throws Exception {
        graph.input("image", "n", 1, SIZE, SIZE);
        graph.output("y", average("image"), "n", 1);
        assertThatThrownBy(() -> adapted(new ModelCard())).hasMessageEndingWith(
                "its input image float[?×1×8×8] has no axis of 3 channels; take one for colour images.");

        OnnxGraph oblong = new OnnxGraph("test");
        oblong.input("image", "n", 3, 8, 16);
        oblong.output("y", oblong.node("Flatten", "y", "image").output(), "n", 384);
        assertThatThrownBy(() -> adapted(oblong, new ModelCard(), m -> {}))
                .hasMessageContaining("it takes images of 16 × 8 pixels");

        OnnxGraph fixed = new OnnxGraph("test");
        fixed.input("image", "n", 3, 8, 8);
        fixed.output("y", fixed.node("Flatten", "y", "image").output(), "n", 192);
        assertThatThrownBy(() -> adapted(fixed, new ModelCard().setInputSize(9), m -> {}))
                .hasMessageContaining("it takes images of 8 × 8 pixels, and its card has inputSize 9; leave inputSize out of "
                        + "the card");
    }

    @Test
    void whatOnnxRuntimeRefusesIsSaidInItsWords() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("y", average("image"), "n", 3);
        assertThatThrownBy(() -> adapted(new ModelCard(), m -> m.getOpsetImportBuilder(0).setVersion(99)))
                .isInstanceOf(UnusableModelException.class).hasMessageContaining("ONNX Runtime refuses it (")
                .hasMessageContaining("pset")
                .message().doesNotContain("\n");
    }

    @Test
    void filesThatAreNoModelsSaySo() throws IOException {
        for (byte[] content : new byte[][] {{}, "<html>404 Not Found</html>".getBytes(StandardCharsets.UTF_8), {10, 127, 1}}) {
            Path file = Files.write(dir.resolve("page.onnx"), content);
            assertThatThrownBy(() -> new ImageFeaturizer().setModel(file.toString())
                    .choice()).isInstanceOf(UnusableModelException.class)
                    .hasMessage("Cannot use the model " + file
                            + ": it is no ONNX model, or cut short; export it with torch.onnx.export, tf2onnx, "
                            + "or in Keras model.export(\"x.onnx\", format=\"onnx\").");
        }
        assertThatThrownBy(() -> new ImageFeaturizer().setModel(dir
                + "/none.onnx").choice()).isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("Model not found: model=" + dir
                        + "/none.onnx (no such local file); set model=<path or URI of an .onnx file>.");
        assertThatThrownBy(() -> new ImageFeaturizer().setModel("none.onnx").choice())
                .hasMessage("Model not found: model=none.onnx (no such local file: " + Path.of("none.onnx").toAbsolutePath()
                        + "); set model=<path or URI of an .onnx file>.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.onnx.data", "weights.bin"})
    void weightsBesideTheFileAreTakenIn(String weights) throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("logits", dense(average("image")), "n", 3);
        Path file = withWeightsIn(weights);
        assertThatThrownBy(() -> new ImageFeaturizer().setModel(file.toString())
                .choice()).isInstanceOf(UnusableModelException.class)
                .hasMessageContaining("its weights are in " + weights + " beside it, which cannot be read (no such file); "
                        + "bring that file, too, or save it");

        byte[] data = new byte[4 + 9 * Float.BYTES];
        java.nio.ByteBuffer.wrap(data, 4, 36).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(twice());
        Files.write(dir.resolve(weights), data);
        NetworkChoice choice = new ImageFeaturizer().setModel(file.toString()).choice();
        assertAverages(Path.of(choice.model()), true);

        data[7]++;
        Files.write(dir.resolve(weights), data);
        assertThat(new ImageFeaturizer().setModel(file.toString()).choice()
                .weightsSha256()).isNotEqualTo(choice.weightsSha256());
        assertThatThrownBy(() -> new ImageFeaturizer().setModel(file.toString()).setWeightsSha256(choice.weightsSha256())
                .choice())
                .hasMessageContaining("set model=<path or URI of that file>");
    }

    @Test
    void aCardDoesNotNormalizeBytes() throws Exception {
        graph.input("image", "n", SIZE, SIZE, 3);
        String floats = graph.node("Cast", "floats", "image").withOne("to", TensorProto.DataType.FLOAT_VALUE).output();
        graph.output("features", graph.node("Flatten", "row", floats).output(), "n", 3 * SIZE * SIZE);
        ModelProto.Builder model = built(graph).toBuilder();
        model.getGraphBuilder().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.UINT8_VALUE);
        String file = Files.write(dir.resolve("bytes.onnx"), model.build().toByteArray()).toString();
        ImageFeaturizer featurizer = new ImageFeaturizer().setModel(file);

        assertThat(featurizer.setCard(new ModelCard().setMean(0).setScale(1)).choice().network().scale())
                .containsExactly(1, 1, 1);
        assertThatThrownBy(() -> featurizer.setCard(new ModelCard().setMean(127)).choice())
                .hasMessage("Cannot use the model " + file + ": it takes bytes of 0 … 255 as they are, and its card has mean or"
                        + " scale; leave both out of its card.");
    }

    @Test
    void aClassifierThatIsGuessedSaysWhatToDoWithAnEmbedding() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("embedding", dense(average("image")), "n", 3);
        String file = Files.write(dir.resolve("embedding.onnx"), built(graph).toByteArray()).toString();
        ImageFeaturizer featurizer = new ImageFeaturizer().setModel(file);

        assertThat(featurizer.choice().details()).isEqualTo("features: /rows; 3 classes; if it puts out an embedding, name"
                + " that tensor as features in its card");
        assertThat(featurizer.setCard(new ModelCard().setFeatures("embedding")).choice().details())
                .isEqualTo("features: embedding; 3 classes");
    }

    @Test
    void weightsElsewhereAreNotRead() throws Exception {
        graph.input("image", "n", 3, SIZE, SIZE);
        graph.output("logits", dense(average("image")), "n", 3);
        for (String elsewhere : new String[] {"../m.data", "/etc/passwd", "file:m.data"}) {
            Path file = withWeightsIn(elsewhere);
            assertThatThrownBy(() -> GivenModel.choose(file.toString(), "", new Configuration()))
                    .hasMessageContaining("its weights are in '" + elsewhere + "', which is not beside it");
        }
    }

    private Path withWeightsIn(String location) throws IOException {
        ModelProto.Builder model = built(graph).toBuilder();
        TensorProto.Builder weights = model.getGraphBuilder().getInitializerBuilder(0).clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL);
        Map.of("location", location, "offset", "4", "length", "36").forEach(
                (key, value) -> weights.addExternalData(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return Files.write(dir.resolve("m.onnx"), model.build().toByteArray());
    }

    private String average(String map) {
        String pooled = graph.node("GlobalAveragePool", "average", map).output();
        return graph.node("Flatten", "rows", pooled).output();
    }

    private String average2(String map) {
        String pooled = graph.node("GlobalAveragePool", "average2", map).output();
        return graph.node("Flatten", "rows2", pooled).output();
    }

    private String dense(String rows) {
        return graph.node("Gemm", "dense", rows, graph.constant(twice(), 3, 3)).output();
    }

    /** Twice the identity. */
    private static float[] twice() {
        return new float[] {2, 0, 0, 0, 2, 0, 0, 0, 2};
    }

    private Path adapted(ModelCard card) throws IOException {
        return adapted(card, model -> {});
    }

    private Path adapted(ModelCard card, Consumer<ModelProto.Builder> change) throws IOException {
        return adapted(graph, card, change);
    }

    private Path adapted(OnnxGraph graph, ModelCard card, Consumer<ModelProto.Builder> change) throws IOException {
        ModelProto.Builder model = built(graph).toBuilder();
        change.accept(model);
        Path file = dir.resolve("adapted.onnx");
        OnnxAdapter.adapt(OnnxFile.of(model.build()), "m.onnx", card, file);
        return file;
    }

    private ModelProto built(OnnxGraph graph) throws IOException {
        Path file = dir.resolve("built.onnx");
        graph.write(file, "1");
        return ModelProto.parseFrom(ByteString.copyFrom(Files.readAllBytes(file)));
    }

    private static Map<String, float[][]> run(Path model) throws Exception {
        return OnnxRun.of(model, pixels(2, SIZE), 2, SIZE);
    }

    private static void assertAverages(Path model, boolean classifies) throws Exception {
        float[] pixels = pixels(2, SIZE);
        Map<String, float[][]> outputs = run(model);
        assertThat(outputs).containsOnlyKeys(classifies ? new String[] {"features", "probabilities"}
                : new String[] {"features"});
        for (int i = 0; i < 2; i++) {
            double[] means = means(pixels, i);
            double sum = Arrays.stream(means).map(mean -> Math.exp(2 * mean)).sum();
            for (int c = 0; c < 3; c++) {
                assertThat((double) outputs.get("features")[i][c]).isCloseTo(means[c], within(1e-4));
                if (classifies) {
                    assertThat((double) outputs.get("probabilities")[i][c]).isCloseTo(Math.exp(2 * means[c]) / sum,
                            within(1e-3));
                }
            }
        }
    }

    private static double[] means(float[] pixels, int image) {
        double[] means = new double[3];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < SIZE * SIZE; i++) {
                means[c] += pixels[(image * 3 + c) * SIZE * SIZE + i] / (double) (SIZE * SIZE);
            }
        }
        return means;
    }
}
