package verger.networks.keras;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.nd4j.linalg.api.ndarray.INDArray;
import verger.networks.UnreadableWeightsException;

/**
 * The weights in a Keras {@code .h5} file, without its architecture: what {@code model.save_weights("x.h5")} of Keras 2 wrote,
 * or the weights of a whole file of Keras 2 or 3, {@code model.save("x.h5")}.
 *
 * <p>A group for each layer, under {@code model_weights} in a whole file, holds its arrays. Their names have changed over
 * the years: kernel:0, conv1_W:0, block1_conv1_W_1:0, running_std (which is the variance).
 */
public final class KerasWeights {

    /** What an array is for, and DL4J's name of it. */
    private enum Role {
        DEPTHWISE("depthwise_kernel", "W"),
        POINTWISE("pointwise_kernel", "pW"),
        KERNEL("kernel|W", "W"),
        BIAS("bias|b", "b"),
        GAMMA("gamma", "gamma"),
        BETA("beta", "beta"),
        MEAN("moving_mean|running_mean", "mean"),
        VARIANCE("moving_variance|running_std|running_var", "var");

        private final Pattern names;
        private final String parameter;

        Role(String names, String parameter) {
            this.names = Pattern.compile("(.*[_/])?(" + names + ")(_\\d+)?(:0)?");
            this.parameter = parameter;
        }

        /** Whether it is an array of several axes; the others are vectors. */
        boolean isKernel() {
            return this == DEPTHWISE || this == POINTWISE || this == KERNEL;
        }

        static Role of(String dataSet) {
            return Arrays.stream(values()).filter(role -> role.names.matcher(dataSet).matches()).findFirst().orElse(null);
        }
    }

    private final Path file;
    private final String network;
    private final Map<String, Map<Role, INDArray>> layers;

    private KerasWeights(Path file, String network, Map<String, Map<Role, INDArray>> layers) {
        this.file = file;
        this.network = network;
        this.layers = layers;
    }

    /**
     * A network with the weights of a file.
     *
     * @param network      its name, for errors
     * @param architecture its layers
     * @param size         width and height in pixels of the images that it was trained on
     * @throws UnreadableWeightsException if they are another network's
     */
    public static ComputationGraph load(Path file, String network, KerasArchitecture architecture, int size) {
        try {
            return new KerasWeights(file, network, read(file)).build(architecture, size);
        } catch (UnreadableWeightsException e) {
            throw e;
        } catch (Exception e) {
            throw new UnreadableWeightsException(file, "an HDF5 file that is cut short or damaged", "copy or download it again",
                    e);
        }
    }

    private static Map<String, Map<Role, INDArray>> read(Path file) throws Exception {
        // The HDF5 library is not thread-safe; this is the lock DL4J itself takes.
        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
                String[] root = archive.getGroups().contains("model_weights") ? new String[] {"model_weights"} : new String[0];
                Map<String, Map<Role, INDArray>> layers = new LinkedHashMap<>();
                for (String layer : archive.getGroups(root)) {
                    Map<Role, INDArray> arrays = new EnumMap<>(Role.class);
                    read(archive, with(root, layer), arrays);
                    if (!arrays.isEmpty()) {
                        layers.put(layer, arrays);
                    }
                }
                return layers;
            }
        }
    }

    private static void read(Hdf5Archive archive, String[] group, Map<Role, INDArray> arrays) throws Exception {
        for (String dataSet : archive.getDataSets(group)) {
            Role role = Role.of(dataSet);
            if (role != null) {
                arrays.put(role, archive.readDataSet(dataSet, group));
            }
        }
        for (String inner : archive.getGroups(group)) {
            read(archive, with(group, inner), arrays);
        }
    }

    private static String[] with(String[] groups, String last) {
        String[] all = Arrays.copyOf(groups, groups.length + 1);
        all[groups.length] = last;
        return all;
    }

    private ComputationGraph build(KerasArchitecture architecture, int size) {
        KerasGraph graph = new KerasGraph();
        String output = architecture.tell(this, size, graph);
        ComputationGraph built = graph.build(output, size);
        try {
            fill(built);
            return built;
        } catch (RuntimeException e) {
            built.close();
            throw e;
        }
    }

    boolean has(String layer) {
        return layers.containsKey(layer);
    }

    /**
     * How many classes the classifier has.
     *
     * @param layer the classifier's name
     * @throws UnreadableWeightsException if there is none, for networks whose features are what goes into it
     */
    int requiredClasses(String layer) {
        if (classes(layer) == 0) {
            throw new UnreadableWeightsException(file, "a file of weights without the layer '" + layer
                    + "', and the features of " + network + " are what goes into it",
                    "save them of a model with include_top=True", null);
        }
        return classes(layer);
    }

    /** How many classes the classifier has, or 0 where there is none. */
    int classes(String layer) {
        INDArray kernel = layers.getOrDefault(layer, Map.of()).get(Role.KERNEL);
        return kernel == null ? 0 : (int) kernel.size(kernel.rank() - 1);
    }

    private void fill(ComputationGraph graph) {
        Set<String> taken = new HashSet<>();
        List<Layer> numbered = new ArrayList<>();
        for (Layer layer : graph.getLayers()) {
            if (layer.numParams() == 0) {
                continue;
            }
            String name = layer.conf().getLayer().getLayerName();
            if (layers.containsKey(name) && fits(layer, layers.get(name))) {
                fill(layer, layers.get(name));
                taken.add(name);
            } else {
                numbered.add(layer);
            }
        }
        // What Keras numbers through, conv2d_1 or conv2d_94 as may be, is known by its shapes.
        for (Layer layer : numbered) {
            String name = layer.conf().getLayer().getLayerName();
            String match = layers.keySet().stream().filter(other -> !taken.contains(other) && !hasLayer(graph, other)
                    && fits(layer, layers.get(other)))
                    .findFirst().orElse(null);
            if (match == null || !name.matches(".*_\\d+")) {
                throw mismatch("a file of weights " + (layers.containsKey(name) ? "whose layer '" + name + "' is "
                        + shapes(layers.get(name))
                        : "without the layer '" + name + "'") + ", where " + network + " has " + shapes(expected(layer)));
            }
            fill(layer, layers.get(match));
            taken.add(match);
        }
        Set<String> left = new TreeSet<>(layers.keySet());
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw mismatch("a file of weights with a layer '" + left.iterator().next() + "', which " + network + " has not");
        }
    }

    private UnreadableWeightsException mismatch(String what) {
        return new UnreadableWeightsException(file, what, "give weights of " + network + ", or set network to theirs", null);
    }

    private static boolean hasLayer(ComputationGraph graph, String name) {
        return graph.getVertex(name) != null && !name.matches(".*_\\d+");
    }

    /** A layer's arrays in the order of Keras' axes. */
    private static Map<Role, long[]> expected(Layer layer) {
        boolean separable = layer.conf().getLayer() instanceof SeparableConvolution2D || isDepthwise(layer);
        Map<Role, long[]> expected = new EnumMap<>(Role.class);
        layer.paramTable().forEach((parameter, array) -> {
            Role role = Arrays.stream(Role.values()).filter(r -> r.parameter.equals(parameter)
                    && (r == Role.DEPTHWISE) == (separable && parameter.equals("W")))
                    .findFirst().orElseThrow();
            long[] s = array.shape();
            expected.put(role, array.rank() == 4 && !isDepthwise(layer) ? new long[] {s[2], s[3], s[1], s[0]}
                    : role.isKernel() ? s : new long[] {array.length()});
        });
        return expected;
    }

    private static boolean isDepthwise(Layer layer) {
        return layer.conf().getLayer() instanceof DepthwiseConvolution2D;
    }

    private static boolean fits(Layer layer, Map<Role, INDArray> arrays) {
        Map<Role, long[]> expected = expected(layer);
        return expected.keySet().equals(arrays.keySet())
                && expected.entrySet().stream()
                        .allMatch(e -> Arrays.equals(shape(arrays.get(e.getKey()), e.getKey()), e.getValue()));
    }

    /** DL4J reads a vector as one row. */
    private static long[] shape(INDArray array, Role role) {
        return role.isKernel() ? array.shape() : new long[] {array.length()};
    }

    private static void fill(Layer layer, Map<Role, INDArray> arrays) {
        arrays.forEach((role, array) -> {
            INDArray parameter = layer.getParam(role.parameter);
            // Keras: height, width, in, out; DL4J: out, in, height, width, but for a depthwise convolution.
            INDArray values =
                    array.rank() == 4 && !isDepthwise(layer) ? array.permute(3, 2, 0, 1) : array.reshape(parameter.shape());
            parameter.assign(values);
        });
    }

    private static String shapes(Map<Role, ?> arrays) {
        return arrays.entrySet().stream().map(e -> e.getKey().name().toLowerCase(Locale.ROOT) + " "
                + LongStream.of(e.getValue() instanceof INDArray a ? shape(a, e.getKey()) : (long[]) e.getValue())
                        .mapToObj(Long::toString).collect(Collectors.joining("×", "[", "]")))
                .collect(Collectors.joining(", "));
    }
}
