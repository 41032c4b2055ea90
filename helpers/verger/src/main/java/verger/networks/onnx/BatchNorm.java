package verger.networks.onnx;

/**
 * What a batch normalization has learned, one number a channel: it computes
 * {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}.
 */
public record BatchNorm(float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon) {

    /**
     * Makes a convolution do the work of the normalization that follows it: {@code w' = w·γ/√(σ²+ε)} and
     * {@code b' = (b − μ)·γ/√(σ²+ε) + β}.
     *
     * @param weights of the convolution, those of one output channel after those of the other; changed in place
     * @param bias    of the convolution, one number an output channel; changed in place
     */
    public void foldInto(float[] weights, float[] bias) {
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
