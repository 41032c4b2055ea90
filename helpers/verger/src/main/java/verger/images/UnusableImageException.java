package verger.images;

/** An image that cannot be used; the message is the reason, in words for a person. */
public final class UnusableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ImageStatus status;

    /**
     * @param reason in words for a person, which begin with a phrase of an {@link ImageStatus}
     * @throws IllegalArgumentException if they do not
     */
    public UnusableImageException(String reason) {
        super(reason);
        status = ImageStatus.known(reason).orElseThrow(
                () -> new IllegalArgumentException("No status of an image is known for the reason: " + reason));
    }

    /** What became of the file. */
    public ImageStatus status() {
        return status;
    }
}
