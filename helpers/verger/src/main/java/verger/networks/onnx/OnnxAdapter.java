package verger.networks.onnx;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.ValueInfoProto;
import verger.networks.ModelCard;
import verger.networks.Output;
import verger.networks.UnusableModelException;

/**
 * Makes of anybody's ONNX image model one as {@code OnnxEngine} runs it: input {@code pixels} [batch, 3, height, width] of
 * floats, output {@code features} [batch, d] and, where it has a classifier, {@code probabilities} [batch, classes].
 *
 * <p>The input is transposed and cast where the model wants it otherwise; a map of features is averaged, anything else laid
 * out in a row; logits go through a softmax. What no output needs is left out. A graph that was exported for one image at a
 * time is opened to more where that gives the same numbers, which is tried here on two images.
 */
public final class OnnxAdapter {

    /** Goes up when the same model and card give another file. */
    public static final int VERSION = 3;

    private static final String PIXELS = "pixels";
    private static final Set<String> RESERVED = Set.of(PIXELS, Output.FEATURES.tensor(), Output.PROBABILITIES.tensor());
    /** Operators that processors of another kind, or another run, may answer otherwise: of rounded numbers, and of random ones. */
    private static final Pattern VARIES =
            Pattern.compile("QLinear.*|.*Integer|(Dynamic)?QuantizeLinear|Random.*|Bernoulli|Multinomial");
    private static final int CANDIDATES = 8;
    /** How many tensors before an output are looked at. */
    private static final int DEPTH = 200;

    private final String name;
    private final ModelCard card;
    private final Path file;
    private final ModelProto model;
    private final OnnxModel graph;
    private final OnnxInput input;
    private final int inputSize;

    private String features;
    private String output;
    private OnnxModel.Ending ending;

    private OnnxAdapter(ModelProto model, String name, ModelCard card, Path file) {
        this.name = name;
        this.card = card;
        this.file = file;
        this.model = OnnxNames.moved(model, RESERVED);
        this.graph = new OnnxModel(this.model.getGraph());
        this.input = OnnxInput.of(graph.inputs(), name, card.layout());
        this.inputSize = input.size(card.inputSize(), name);
    }

    /**
     * Writes the adapted model.
     *
     * @param name of the model, as the user gave it, for errors
     * @param file where to
     * @throws UnusableModelException if it has no image input, the features cannot be found or are not there, or ONNX Runtime
     *                                refuses it; where a tensor has to be named, the message lists candidates
     */
    public static void adapt(OnnxFile model, String name, ModelCard card, Path file) throws IOException {
        new OnnxAdapter(model.model(), name, card, file).adapt();
    }

    private void adapt() throws IOException {
        Map<String, long[]> outputs = shapes(model.getGraph().getOutputList().stream().map(ValueInfoProto::getName)
                .filter(graph::hasTensor).toList());
        chooseOutput(outputs);
        chooseFeatures(outputs);
        List<String> cut = output == null || output.equals(features) ? List.of(features) : List.of(features, output);
        Map<String, long[]> shapes = shapes(cut);
        for (String tensor : cut) {
            if (!shapes.containsKey(tensor) || shapes.get(tensor).length < 2) {
                throw unusable("its tensor " + OnnxNames.original(tensor) + " has no row for each image", wayOut());
            }
        }
        write(shapes);
        if (model.getGraph().getNodeList().stream().noneMatch(node -> VARIES.matcher(node.getOpType()).matches())) {
            GoldenFeatures.appendOwn(file, inputSize, input.takesBytes());
        }
    }

    private void chooseOutput(Map<String, long[]> outputs) throws IOException {
        if (card.output() != null) {
            output = known("output", card.output());
            ending = tail(output).ending();
            return;
        }
        for (Map.Entry<String, long[]> candidate : outputs.entrySet()) {
            OnnxModel.Tail tail = tail(candidate.getKey());
            if (isRow(candidate.getValue()) && (tail.classifier() || tail.ending() != OnnxModel.Ending.NONE)) {
                output = candidate.getKey();
                ending = tail.ending();
                return;
            }
        }
    }

    private OnnxModel.Tail tail(String tensor) {
        return graph.tail(tensor, card.output() != null || card.classes() != null);
    }

    private void chooseFeatures(Map<String, long[]> outputs) throws IOException {
        if (card.features() != null) {
            features = known("features", card.features());
        } else if (output != null && tail(output).features() != null) {
            features = tail(output).features();
        } else if (output != null) {
            features = lastMap(output);
        } else {
            features = outputs.entrySet().stream().filter(o -> o.getValue().length == 2 || o.getValue().length == 4)
                    .map(Map.Entry::getKey).findFirst().orElse(null);
        }
        if (features == null) {
            throw unusable("the features cannot be told from its graph", wayOut());
        }
    }

    /** The last feature map before an output, or null. */
    private String lastMap(String before) throws IOException {
        for (Map.Entry<String, long[]> tensor : shapes(graph.before(before).stream().limit(DEPTH).toList()).entrySet()) {
            long[] shape = tensor.getValue();
            if (shape.length == 4 && !isRow(shape)) {
                return tensor.getKey();
            }
        }
        return null;
    }

    private String known(String key, String tensor) throws IOException {
        String inner = OnnxNames.inner(tensor, RESERVED);
        if (!graph.hasTensor(inner)) {
            throw unusable("it has no tensor '" + tensor + "', which its card names as " + key, wayOut());
        }
        return inner;
    }

    private String wayOut() throws IOException {
        return "set features in its card to one of " + candidates();
    }

    /** The last tensors of each shape that could be features. */
    private String candidates() throws IOException {
        List<String> before = model.getGraph().getOutputList().stream().flatMap(o -> graph.before(o.getName()).stream())
                .distinct()
                .limit(DEPTH).toList();
        Map<String, String> byShape = new LinkedHashMap<>();
        shapes(before).forEach((tensor, shape) -> {
            if (shape.length == 2 || shape.length == 4 && shape[1] != 1) {
                byShape.putIfAbsent(shape(shape), OnnxNames.original(tensor));
            }
        });
        return byShape.isEmpty() ? "its tensors" : byShape.entrySet().stream().limit(CANDIDATES)
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String shape(long[] shape) {
        return Arrays.stream(shape).mapToObj(length -> length < 0 ? "?" : Long.toString(length))
                .collect(Collectors.joining("×", "[", "]"));
    }

    /** Whether a tensor is a row for each image: [batch, n], or [batch, n, 1, 1]. */
    private static boolean isRow(long[] shape) {
        return shape.length == 2 || shape.length == 4 && shape[2] == 1 && shape[3] == 1;
    }

    /** The shapes of some tensors, in their order, as ONNX Runtime infers them. */
    private Map<String, long[]> shapes(List<String> tensors) throws IOException {
        GraphProto.Builder probe = part(tensors, input.declared(), List::of);
        tensors.forEach(tensor -> probe.addOutput(ValueInfoProto.newBuilder().setName(tensor)));
        OnnxFile.write(model.toBuilder().setGraph(probe).build(), file);
        try (OnnxTrial trial = new OnnxTrial(file)) {
            Map<String, long[]> found = trial.shapes();
            Map<String, long[]> inOrder = new LinkedHashMap<>();
            tensors.stream().filter(found::containsKey).forEach(tensor -> inOrder.put(tensor, found.get(tensor)));
            return inOrder;
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    private void write(Map<String, long[]> shapes) throws IOException {
        Exception why;
        try {
            tryOut(shapes, "batch", input.hasFreeBatch() ? List::of : new FreeBatch(graph, input.batch())::opened);
            return;
        } catch (OrtException | DifferentNumbers e) {
            why = e;
        }
        if (!input.hasFreeBatch() && input.batch() != 1) {
            throw unusable("it takes " + input.batch() + " images at a time and no other number",
                    "export it with a free batch dimension");
        }
        try {
            tryOut(shapes, 1, List::of);
        } catch (OrtException | DifferentNumbers e) {
            throw refused(why);
        }
    }

    /** The model gives other numbers for two images at once than for each of them. */
    private static final class DifferentNumbers extends Exception {

        private static final long serialVersionUID = 1L;
    }

    private void tryOut(Map<String, long[]> shapes, Object batch, Function<NodeProto, List<NodeProto>> change)
            throws IOException, OrtException, DifferentNumbers {
        GraphProto.Builder adapted = part(List.copyOf(shapes.keySet()), batch, change);
        OnnxOutputs outputs = new OnnxOutputs(adapted);
        String how = outputs.features(features, shapes.get(features));
        if (output != null) {
            outputs.probabilities(output, shapes.get(output), ending);
        }
        OnnxFile.write(model.toBuilder().setGraph(adapted).build(), file);
        Map<String, float[][]> result;
        try (OnnxTrial trial = new OnnxTrial(file)) {
            result = batch instanceof String ? twoImages(trial) : trial.run(image(1), 1, inputSize);
        }
        AdaptedModel facts = new AdaptedModel(inputSize, input.takesBytes(), OnnxNames.original(features) + how,
                result.get(Output.FEATURES.tensor())[0].length,
                output == null ? 0 : result.get(Output.PROBABILITIES.tensor())[0].length);
        outputs.declare(batch, facts.featureSize(), facts.classCount());
        ModelProto.Builder whole = model.toBuilder().setGraph(adapted);
        facts.properties().forEach(
                (key, value) -> whole.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        OnnxFile.write(whole.build(), file);
    }

    private Map<String, float[][]> twoImages(OnnxTrial trial) throws OrtException, DifferentNumbers {
        float[] first = image(1);
        float[] second = image(2);
        float[] both = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        Map<String, float[][]> together = trial.run(both, 2, inputSize);
        for (int i = 0; i < 2; i++) {
            for (Map.Entry<String, float[][]> alone : trial.run(i == 0 ? first : second, 1, inputSize).entrySet()) {
                float[][] rows = together.get(alone.getKey());
                if (rows.length != 2 || alone.getValue().length != 1 || differ(rows[i], alone.getValue()[0])) {
                    throw new DifferentNumbers();
                }
            }
        }
        return together;
    }

    private static boolean differ(float[] a, float[] b) {
        if (a.length != b.length) {
            return true;
        }
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(b[i]));
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        return difference > 1e-3 * largest;
    }

    /** An image of noise, as the model takes it. */
    private float[] image(int seed) {
        Random random = new Random(seed);
        float[] pixels = new float[3 * inputSize * inputSize];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = input.takesBytes() ? random.nextInt(256) : (float) random.nextGaussian();
        }
        return pixels;
    }

    /** The part of the graph that some tensors depend on, from pixels on; without outputs. */
    private GraphProto.Builder part(List<String> tensors, Object batch, Function<NodeProto, List<NodeProto>> change) {
        GraphProto whole = model.getGraph();
        List<NodeProto> nodes = graph.needed(tensors);
        GraphProto.Builder part = whole.toBuilder().clearNode().clearInput().clearOutput().clearValueInfo().clearInitializer();
        part.addInput(OnnxOutputs.value(PIXELS, batch, 3, input.height(), input.width()));
        input.addTo(part);
        nodes.stream().flatMap(node -> change.apply(node).stream()).forEach(part::addNode);
        Set<String> read = part.getNodeList().stream().flatMap(node -> OnnxModel.read(node).stream())
                .collect(Collectors.toSet());
        whole.getInitializerList().stream().filter(tensor -> read.contains(tensor.getName())).forEach(part::addInitializer);
        return part;
    }

    private UnusableModelException refused(Exception e) {
        String message = e instanceof DifferentNumbers ? "it gives other numbers for two images at once than for each of them"
                : "ONNX Runtime refuses it (" + String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip() + ")";
        return new UnusableModelException(name, message,
                "export it anew with an operator set that ONNX Runtime 1.26 knows, and a free batch"
                        + " dimension",
                e);
    }

    private UnusableModelException unusable(String why, String wayOut) {
        return new UnusableModelException(name, why, wayOut, null);
    }
}
