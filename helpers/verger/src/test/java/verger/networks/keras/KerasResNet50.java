package verger.networks.keras;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The published ResNet50 as a DL4J network in NCHW order with seeded weights, as the zoo's zip has it. */
public final class KerasResNet50 {

    private KerasResNet50() {
    }

    public static ComputationGraph network(KerasResNet50Layers.Edition edition) {
        return network(edition, new KerasGraph());
    }

    /** With some layers told otherwise. */
    public static ComputationGraph network(KerasResNet50Layers.Edition edition, KerasGraph layers) {
        return seeded(layers.build(KerasResNet50Layers.tell(edition, 1000, layers), 224));
    }

    /** A network with seeded weights, itself. */
    public static ComputationGraph seeded(ComputationGraph network) {
        SplittableRandom random = new SplittableRandom(50);
        network.paramTable().forEach((name, parameter) -> fill(name, parameter, random));
        return network;
    }

    /** He's initialization, and statistics that are not those of an untrained network; the signal neither grows nor dies. */
    private static void fill(String name, INDArray parameter, SplittableRandom random) {
        double low = -0.1;
        double high = 0.1;
        if (name.endsWith("W")) {
            boolean dense = parameter.rank() == 2;
            double inputs = dense ? parameter.size(0) : (double) parameter.length() / parameter.size(0);
            // A softmax that is sure of its class would hide all differences.
            high = Math.sqrt(6 / inputs) * (dense ? 0.05 : 1);
            low = -high;
        } else if (name.endsWith("_gamma")) {
            low = 0.4;
            high = 0.9;
        } else if (name.endsWith("_var")) {
            low = 0.5;
            high = 1.5;
        }
        float[] values = new float[(int) parameter.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        parameter.assign(Nd4j.create(values, parameter.shape(), 'c'));
    }
}
