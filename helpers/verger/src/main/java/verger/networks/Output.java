package verger.networks;

import verger.networks.weights.ModelCache;

/** What a network puts out for an image. */
public enum Output {
    /** The numbers that go into its classifier. */
    FEATURES("features"),
    /** One number for each class that its classifier knows. */
    PROBABILITIES("probabilities");

    private final String tensor;

    Output(String tensor) {
        this.tensor = tensor;
    }

    /** Its name among the outputs of an ONNX file in {@link ModelCache}. */
    public String tensor() {
        return tensor;
    }
}
