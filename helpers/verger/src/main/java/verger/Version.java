package verger;

/** The version of the helper JAR. */
public final class Version {

    private Version() {
    }

    /** As its manifest says, such as {@code 0.2.0}; {@code development} where the classes are not in a JAR. */
    public static String get() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
