package verger.images;

/** An image that cannot be used; the message is the reason, in words for a person. */
public final class UnusableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnusableImageException(String reason) {
        super(reason);
    }
}
