package verger.images.decoding;

/** A file that does not become a picture; the message is the reason, in words for a person. */
public final class UndecodableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The reason of a file that is cut short. */
    static final String TRUNCATED = "truncated image: the file ends before the picture does";

    UndecodableException(String reason) {
        super(reason);
    }

    static UndecodableException broken(String how) {
        return new UndecodableException("broken image: " + how);
    }

    static UndecodableException truncated() {
        return new UndecodableException(TRUNCATED);
    }

    static UndecodableException unsupported(String what) {
        return new UndecodableException("unsupported: " + what);
    }
}
