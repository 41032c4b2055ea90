package verger.networks;

/** A network has a layer that cannot be expressed in ONNX; DL4J itself can still run it. */
public class UnsupportedLayerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String layer;
    private final String construct;

    /**
     * @param layer     the name of the layer in its network
     * @param construct what is not supported: the class of the layer, and the setting where only a setting is the obstacle
     */
    public UnsupportedLayerException(String layer, String construct) {
        super("Layer '" + layer + "' (" + construct + ") cannot be exported to ONNX");
        this.layer = layer;
        this.construct = construct;
    }

    /** The name of the layer in its network. */
    public String layer() {
        return layer;
    }

    /** What is not supported. */
    public String construct() {
        return construct;
    }
}
