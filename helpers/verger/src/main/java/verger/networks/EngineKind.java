package verger.networks;

/** The names of what runs a network, as a stage's param {@code engine} and {@link NetworkChoice#engine()} have them. */
public final class EngineKind {

    /** ONNX Runtime. */
    public static final String ONNX = "onnx";
    /** DL4J itself, for networks of its zoo only: the reference, some ten times slower. */
    public static final String DL4J = "dl4j";

    private EngineKind() {
    }
}
