package verger.box.s3;

/** What goes wrong with the answer to a request. */
public enum Fault {
    /** 503 SlowDown, which S3 says under load. */
    SLOW_DOWN,
    /** The connection ends in the middle of the body. */
    CUT,
    /** The connection ends without an answer. */
    NO_ANSWER,
    /** The body comes in small pieces, with pauses between them. */
    SLOW,
    /** 403 InvalidObjectState, as of an object in an archive. */
    ARCHIVED,
    /** 403 AccessDenied, as of an object that its owner keeps. */
    DENIED,
    /** 400 ExpiredToken, as of credentials that were good until now. */
    EXPIRED
}
