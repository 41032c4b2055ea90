package verger.networks;

/** The weights of a network were in none of the places looked in; the message names each place and why it failed. */
public class WeightsNotFoundException extends RuntimeException {

    public WeightsNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
