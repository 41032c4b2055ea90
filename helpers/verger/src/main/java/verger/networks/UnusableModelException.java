package verger.networks;

/** An ONNX file was found, but it cannot take a network's place; the message says why and what to do. */
public class UnusableModelException extends RuntimeException {

    /**
     * @param model  as the user named it
     * @param why    what is wrong with it
     * @param wayOut what the user can do about it
     */
    public UnusableModelException(String model, String why, String wayOut, Throwable cause) {
        super("Cannot use the model " + model + ": " + why + "; " + wayOut + ".", cause);
    }
}
