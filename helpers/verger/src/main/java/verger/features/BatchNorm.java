package verger.features;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a batch normalization has learned, one number a channel: it computes
 * {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}.
 */
record BatchNorm(float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon) {

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

    /**
     * Makes a convolution do the work of the normalization that follows it: {@code w' = w·γ/√(σ²+ε)} and
     * {@code b' = (b − μ)·γ/√(σ²+ε) + β}.
     *
     * @param weights of the convolution, those of one output channel after those of the other; changed in place
     * @param bias    of the convolution, one number an output channel; changed in place
     */
    void foldInto(float[] weights, float[] bias) {
        int perChannel = weights.length / bias.length;
        for (int c = 0; c < bias.length; c++) {
            double scale = gamma[c] / Math.sqrt(variance[c] + epsilon);
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                weights[i] = (float) (weights[i] * scale);
            }
            bias[c] = (float) ((bias[c] - mean[c]) * scale + beta[c]);
        }
    }
}
