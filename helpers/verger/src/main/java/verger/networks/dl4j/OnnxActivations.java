package verger.networks.dl4j;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import verger.networks.UnsupportedLayerException;
import verger.networks.onnx.OnnxGraph;

/** Expresses DL4J's activation functions in ONNX operators. */
final class OnnxActivations {

    private OnnxActivations() {
    }

    /**
     * Adds an activation function.
     *
     * @param layer the layer that it belongs to
     * @param map   whether it works on feature maps and not on rows or maps of one pixel
     * @param input the name of its input
     * @return the name of its output, which is the input's where the function does nothing
     * @throws UnsupportedLayerException if ONNX has no such function
     */
    static String add(OnnxGraph onnx, IActivation activation, String layer, boolean map, String input) {
        String output = layer + "/activation";
        Class<?> type = activation.getClass();
        if (type == ActivationIdentity.class) {
            return input;
        }
        if (activation instanceof ActivationReLU relu) {
            return relu(onnx, relu, layer, input, output);
        }
        if (type == ActivationReLU6.class) {
            return onnx.node("Clip", output, input, onnx.constant(new float[] {0}), onnx.constant(new float[] {6})).output();
        }
        if (type == ActivationHardTanH.class) {
            return onnx.node("Clip", output, input, onnx.constant(new float[] {-1}), onnx.constant(new float[] {1})).output();
        }
        if (activation instanceof ActivationLReLU leaky) {
            return onnx.node("LeakyRelu", output, input).withOne("alpha", (float) leaky.getAlpha()).output();
        }
        if (activation instanceof ActivationELU elu) {
            return onnx.node("Elu", output, input).withOne("alpha", (float) elu.getAlpha()).output();
        }
        // DL4J takes the softmax of a map over an axis that depends on its order; networks that classify have none.
        if (type == ActivationSoftmax.class && !map) {
            return onnx.node("Softmax", output, input).withOne("axis", 1).output();
        }
        if (type == ActivationSwish.class) {
            return onnx.node("Mul", output, input, onnx.node("Sigmoid", output + "/sigmoid", input).output()).output();
        }
        if (type == ActivationSigmoid.class) {
            return onnx.node("Sigmoid", output, input).output();
        }
        if (type == ActivationTanH.class) {
            return onnx.node("Tanh", output, input).output();
        }
        if (type == ActivationHardSigmoid.class) {
            return onnx.node("HardSigmoid", output, input).output();
        }
        if (type == ActivationSELU.class) {
            return onnx.node("Selu", output, input).output();
        }
        if (type == ActivationSoftPlus.class) {
            return onnx.node("Softplus", output, input).output();
        }
        if (type == ActivationSoftSign.class) {
            return onnx.node("Softsign", output, input).output();
        }
        throw new UnsupportedLayerException(layer, "activation " + type.getSimpleName() + (map ? " on feature maps" : ""));
    }

    /** Keras' ReLU layer has a ceiling, a slope below zero and a threshold; ONNX has an operator for one of them at a time. */
    private static String relu(OnnxGraph onnx, ActivationReLU relu, String layer, String input, String output) {
        double max = orZero(relu.getMax());
        double slope = orZero(relu.getNegativeSlope());
        if (orZero(relu.getThreshold()) != 0 || max != 0 && slope != 0) {
            throw new UnsupportedLayerException(layer, "activation " + relu);
        }
        if (max != 0) {
            return onnx.node("Clip", output, input, onnx.constant(new float[] {0}), onnx.constant(new float[] {(float) max}))
                    .output();
        }
        return slope == 0
                ? onnx.node("Relu", output, input).output()
                : onnx.node("LeakyRelu", output, input).withOne("alpha", (float) slope).output();
    }

    private static double orZero(Double value) {
        return value == null ? 0 : value;
    }
}
