package verger.networks.keras;

import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_TRUNC;
import static org.bytedeco.hdf5.global.hdf5.H5S_SCALAR;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.H5Object;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.StrType;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes a network as {@code model.save("….h5")} of Keras 2 does, a configuration in JSON and a group of weights a layer, or
 * as {@code save_weights} does, without the configuration.
 *
 * <p>Every HDF5 object is closed where it is made: one left to the garbage collector is freed by another thread, at any
 * time, and the HDF5 library is not thread-safe.
 */
public final class KerasFile implements KerasLayers {

    /** HDF5's length of a string that carries its own: H5T_VARIABLE, (size_t) -1. */
    private static final long VARIABLE = -1;

    private final ComputationGraph network;
    private final List<Map<String, Object>> layers = new ArrayList<>();
    private final Map<String, Map<String, INDArray>> weights = new LinkedHashMap<>();

    private KerasFile(ComputationGraph network) {
        this.network = network;
    }

    /**
     * Writes a ResNet50.
     *
     * @param network what {@link KerasResNet50} built
     * @param keras   the version of Keras that the file says it is of
     */
    public static void write(Path file, KerasResNet50Layers.Edition edition, ComputationGraph network, String keras)
            throws IOException {
        write(file, layers -> KerasResNet50Layers.tell(edition, 1000, layers), 224, network, keras);
    }

    /**
     * Writes a network.
     *
     * @param tell tells its layers and returns the name of the last one
     */
    public static void write(Path file, Function<KerasLayers, String> tell, int size, ComputationGraph network, String keras)
            throws IOException {
        KerasFile builder = new KerasFile(network);
        Map<String, Object> input = new LinkedHashMap<>();
        List<Integer> shape = new ArrayList<>(List.of(size, size, 3));
        shape.add(0, null);
        input.put("batch_input_shape", shape);
        input.put("dtype", "float32");
        input.put("sparse", false);
        builder.layer("InputLayer", "input_1", input);
        builder.write(file, tell.apply(builder), keras);
    }

    /** Writes the weights alone. */
    static void writeWeights(Path file, Function<KerasLayers, String> tell, ComputationGraph network) throws IOException {
        KerasFile builder = new KerasFile(network);
        String unused = tell.apply(builder); // the last layer is as the others here
        builder.writeWeights(file);
    }

    /** Writes arrays by their names below their layer's, in Keras' order of axes, as weights alone. */
    static void writeWeights(Path file, Map<String, Map<String, INDArray>> weights) {
        KerasFile builder = new KerasFile(null);
        weights.forEach((layer, arrays) -> {
            builder.layer("Layer", layer, config());
            builder.weights.put(layer, arrays);
        });
        builder.writeWeights(file);
    }

    private void writeWeights(Path file) {
        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (H5File h5 = new H5File(file.toString(), H5F_ACC_TRUNC())) {
                try (Group root = h5.openGroup("/")) {
                    weights(root, "2.15.0");
                }
                h5._close();
            }
        }
    }

    private void weights(Group root, String keras) {
        text(root, "keras_version", keras);
        text(root, "backend", "tensorflow");
        texts(root, "layer_names", layers.stream().map(l -> (String) l.get("name")).toList());
        for (Map<String, Object> layer : layers) {
            group(root, (String) layer.get("name"));
        }
    }

    private void write(Path file, String output, String keras) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", "network");
        config.put("layers", layers);
        config.put("input_layers", List.of(List.of("input_1", 0, 0)));
        config.put("output_layers", List.of(List.of(output, 0, 0)));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("class_name", keras.startsWith("2.1.") ? "Model" : "Functional");
        model.put("config", config);

        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (H5File h5 = new H5File(file.toString(), H5F_ACC_TRUNC())) {
                text(h5, "model_config", new ObjectMapper().writeValueAsString(model));
                text(h5, "keras_version", keras);
                text(h5, "backend", "tensorflow");
                try (Group root = h5.createGroup("model_weights")) {
                    weights(root, keras);
                }
                h5._close();
            }
        }
    }

    private void group(Group root, String layer) {
        Map<String, INDArray> arrays = weights.getOrDefault(layer, Map.of());
        try (Group outer = root.createGroup(layer)) {
            texts(outer, "weight_names", arrays.keySet().stream().map(name -> layer + "/" + name).toList());
            if (arrays.isEmpty()) {
                return;
            }
            try (Group inner = outer.createGroup(layer)) {
                arrays.forEach((name, array) -> {
                    float[] values = array.dup('c').data().asFloat();
                    try (DataType type = new DataType(PredType.NATIVE_FLOAT());
                            DataSpace space = new DataSpace(array.rank(), array.shape());
                            DataSet set = inner.createDataSet(name, type, space);
                            FloatPointer data = new FloatPointer(values)) {
                        set.write(data, type);
                    }
                });
            }
        }
    }

    private static void text(H5Object object, String name, String value) {
        try (StrType type = new StrType(PredType.C_S1(), VARIABLE);
                DataSpace scalar = new DataSpace(H5S_SCALAR);
                Attribute attribute = object.createAttribute(name, type, scalar)) {
            attribute.write(type, value);
        }
    }

    /** An array of strings of one length, padded with zeros, as NumPy writes it. */
    private static void texts(H5Object object, String name, List<String> values) {
        int length = values.stream().mapToInt(String::length).max().orElse(1);
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(1, length * values.size()));
        for (int i = 0; i < values.size(); i++) {
            bytes.position(i * length).put(values.get(i).getBytes(StandardCharsets.US_ASCII));
        }
        try (StrType type = new StrType(PredType.C_S1(), length);
                DataSpace space = new DataSpace(1, new long[] {values.size()});
                Attribute attribute = object.createAttribute(name, type, space);
                BytePointer data = new BytePointer(bytes.array())) {
            attribute.write(type, data);
        }
    }

    private Map<String, Object> layer(String type, String name, Map<String, Object> config, String... inputs) {
        config.put("name", name);
        if (inputs.length > 0) {
            config.put("trainable", true);
        }
        List<Object> nodes = new ArrayList<>();
        for (String input : inputs) {
            nodes.add(List.of(input, 0, 0, Map.of()));
        }
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("class_name", type);
        layer.put("config", config);
        layer.put("name", name);
        layer.put("inbound_nodes", nodes.isEmpty() ? List.of() : List.of(nodes));
        layers.add(layer);
        return layer;
    }

    private static Map<String, Object> config(Object... keysAndValues) {
        Map<String, Object> config = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return config;
    }

    private static Map<String, Object> zeros() {
        return Map.of("class_name", "Zeros", "config", Map.of());
    }

    private static Map<String, Object> initializer() {
        return Map.of("class_name", "VarianceScaling",
                "config", Map.of("scale", 1.0, "mode", "fan_avg", "distribution", "uniform"));
    }

    @Override
    public void zeroPadding(String name, String input, int padding) {
        List<Integer> both = List.of(padding, padding);
        layer("ZeroPadding2D", name, config("padding", List.of(both, both), "data_format", "channels_last"), input);
    }

    @Override
    public void convolution(String name, String input, int filters, int kernel, int stride, boolean same, boolean bias,
            boolean relu) {
        layer("Conv2D", name,
                config("filters", filters, "kernel_size", List.of(kernel, kernel), "strides", List.of(stride, stride),
                        "padding", same ? "same" : "valid", "data_format", "channels_last", "dilation_rate", List.of(1, 1),
                        "activation", relu ? "relu" : "linear", "use_bias", bias, "kernel_initializer", initializer(),
                        "bias_initializer", zeros(),
                        "kernel_regularizer", null, "bias_regularizer", null, "activity_regularizer", null, "kernel_constraint",
                        null,
                        "bias_constraint", null),
                input);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        // DL4J: out, in, height, width; Keras: height, width, in, out.
        arrays.put("kernel:0", network.getParam(name + "_W").permute(2, 3, 1, 0));
        if (bias) {
            arrays.put("bias:0", network.getParam(name + "_b").reshape(filters));
        }
        weights.put(name, arrays);
    }

    @Override
    public void separableConvolution(String name, String input, int filters) {
        layer("SeparableConv2D", name, config("filters", filters, "kernel_size", List.of(3, 3), "strides", List.of(1, 1),
                "padding", "same", "data_format", "channels_last", "dilation_rate", List.of(1, 1), "depth_multiplier", 1,
                "activation", "linear", "use_bias", false, "depthwise_initializer", initializer(), "pointwise_initializer",
                initializer(),
                "bias_initializer", zeros(), "depthwise_regularizer", null, "pointwise_regularizer", null, "bias_regularizer",
                null,
                "activity_regularizer", null, "depthwise_constraint", null, "pointwise_constraint", null, "bias_constraint",
                null), input);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        // DL4J: multiplier, in, height, width; Keras: height, width, in, multiplier.
        arrays.put("depthwise_kernel:0", network.getParam(name + "_W").permute(2, 3, 1, 0));
        arrays.put("pointwise_kernel:0", network.getParam(name + "_pW").permute(2, 3, 1, 0));
        weights.put(name, arrays);
    }

    @Override
    public void depthwiseConvolution(String name, String input, int stride) {
        layer("DepthwiseConv2D", name,
                config("kernel_size", List.of(3, 3), "strides", List.of(stride, stride), "padding", "same",
                        "data_format", "channels_last", "dilation_rate", List.of(1, 1), "depth_multiplier", 1, "activation",
                        "linear",
                        "use_bias", false, "depthwise_initializer", initializer(), "bias_initializer", zeros(),
                        "depthwise_regularizer", null, "bias_regularizer", null, "activity_regularizer", null,
                        "depthwise_constraint", null, "bias_constraint", null),
                input);
        // The order of Keras in both: height, width, in, multiplier.
        weights.put(name, Map.of("depthwise_kernel:0", network.getParam(name + "_W")));
    }

    @Override
    public void batchNormalization(String name, String input, int channels, double epsilon) {
        layer("BatchNormalization", name, config("axis", 3, "momentum", 0.99, "epsilon", epsilon, "center", true, "scale", true,
                "beta_initializer", zeros(), "gamma_initializer", Map.of("class_name", "Ones", "config", Map.of()),
                "moving_mean_initializer", zeros(), "moving_variance_initializer",
                Map.of("class_name", "Ones", "config", Map.of()),
                "beta_regularizer", null, "gamma_regularizer", null, "beta_constraint", null, "gamma_constraint", null), input);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        arrays.put("gamma:0", network.getParam(name + "_gamma").reshape(channels));
        arrays.put("beta:0", network.getParam(name + "_beta").reshape(channels));
        arrays.put("moving_mean:0", network.getParam(name + "_mean").reshape(channels));
        arrays.put("moving_variance:0", network.getParam(name + "_var").reshape(channels));
        weights.put(name, arrays);
    }

    @Override
    public void relu(String name, String input) {
        layer("Activation", name, config("activation", "relu"), input);
    }

    @Override
    public void relu6(String name, String input) {
        layer("ReLU", name, config("max_value", 6.0, "negative_slope", 0.0, "threshold", 0.0), input);
    }

    @Override
    public void add(String name, String a, String b) {
        layer("Add", name, config(), a, b);
    }

    @Override
    public void maxPooling(String name, String input, int window, int stride, boolean same) {
        layer("MaxPooling2D", name, config("pool_size", List.of(window, window), "strides", List.of(stride, stride),
                "padding", same ? "same" : "valid",
                "data_format", "channels_last"), input);
    }

    @Override
    public void averagePooling(String name, String input, int window) {
        layer("AveragePooling2D", name,
                config("pool_size", List.of(window, window), "strides", List.of(window, window), "padding", "valid",
                        "data_format", "channels_last"),
                input);
    }

    @Override
    public void flatten(String name, String input, int size, int channels) {
        layer("Flatten", name, config("data_format", "channels_last"), input);
    }

    @Override
    public void globalAveragePooling(String name, String input) {
        layer("GlobalAveragePooling2D", name, config("data_format", "channels_last"), input);
    }

    @Override
    public void denseRelu(String name, String input, int inputs, int units) {
        dense(name, input, units, "relu");
    }

    @Override
    public void softmax(String name, String input, int inputs, int classes) {
        dense(name, input, classes, "softmax");
    }

    private void dense(String name, String input, int units, String activation) {
        layer("Dense", name,
                config("units", units, "activation", activation, "use_bias", true, "kernel_initializer", initializer(),
                        "bias_initializer", zeros(), "kernel_regularizer", null, "bias_regularizer", null,
                        "activity_regularizer", null,
                        "kernel_constraint", null, "bias_constraint", null),
                input);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        arrays.put("kernel:0", network.getParam(name + "_W"));
        arrays.put("bias:0", network.getParam(name + "_b").reshape(units));
        weights.put(name, arrays);
    }
}
