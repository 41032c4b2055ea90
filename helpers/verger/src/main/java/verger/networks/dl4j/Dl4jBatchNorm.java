package verger.networks.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import verger.networks.UnsupportedLayerException;
import verger.networks.onnx.BatchNorm;

/** Reads a batch normalization of a DL4J network. */
final class Dl4jBatchNorm {

    private Dl4jBatchNorm() {
    }

    /** @throws UnsupportedLayerException if gamma and beta are locked at other numbers than 1 and 0 */
    static BatchNorm of(ComputationGraph network, String name, BatchNormalization layer) {
        float[] mean = parameter(network, name, BatchNormalizationParamInitializer.GLOBAL_MEAN);
        float[] gamma = new float[mean.length];
        float[] beta = new float[mean.length];
        if (!layer.isLockGammaBeta()) {
            gamma = parameter(network, name, BatchNormalizationParamInitializer.GAMMA);
            beta = parameter(network, name, BatchNormalizationParamInitializer.BETA);
        } else if (layer.getGamma() == 1 && layer.getBeta() == 0) {
            Arrays.fill(gamma, 1);
        } else {
            throw new UnsupportedLayerException(name,
                    "BatchNormalization with gamma and beta locked at " + layer.getGamma() + " and " + layer.getBeta());
        }
        return new BatchNorm(gamma, beta, mean, variance(network, name, layer), layer.getEps());
    }

    /** DL4J keeps the variance as such, as in networks from Keras, or as log10 of the standard deviation. */
    private static float[] variance(ComputationGraph network, String name, BatchNormalization layer) {
        if (!layer.isUseLogStd()) {
            return parameter(network, name, BatchNormalizationParamInitializer.GLOBAL_VAR);
        }
        float[] variance = parameter(network, name, BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
        for (int i = 0; i < variance.length; i++) {
            variance[i] = (float) Math.pow(10, 2.0 * variance[i]);
        }
        return variance;
    }

    private static float[] parameter(ComputationGraph network, String name, String key) {
        INDArray parameter = network.getLayer(name).getParam(key);
        return OnnxExporter.floats(parameter);
    }
}
