package verger.box.s3;

/** The one pair of keys that a server accepts. */
public record Credentials(String accessKey, String secretKey) {

    /** A pair that nobody uses elsewhere. */
    static final Credentials OF_THE_BOX = new Credentials("verger-in-a-box", "not-a-secret-of-anybody");

    /** Those of the environment variables that all AWS clients know, or else the box's own. */
    static Credentials ofEnvironment() {
        String accessKey = System.getenv("AWS_ACCESS_KEY_ID");
        String secretKey = System.getenv("AWS_SECRET_ACCESS_KEY");
        return accessKey == null || secretKey == null ? OF_THE_BOX : new Credentials(accessKey, secretKey);
    }

    /** Without the secret: records show all they hold. */
    @Override
    public String toString() {
        return "Credentials of " + accessKey;
    }
}
