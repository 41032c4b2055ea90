package verger.doctor;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.package$;
import verger.Version;
import verger.charts.Charts;
import verger.networks.dl4j.NativeLibraries;
import verger.networks.onnx.OnnxRuntime;
import verger.pca.linalg.Blas;

/** What this JVM is and has, on the driver or on an executor. */
final class Machine {

    private static final long MIB = 1 << 20;
    /** Native libraries are unpacked there, 323 MB of them on the driver, and Spark spills there. */
    private static final long LEAST_DISK = 512 * MIB;
    private static final long ENOUGH_DISK = 4096 * MIB;

    private Machine() {
    }

    /**
     * The versions of this JVM, which are to be the same everywhere.
     *
     * @param byName Java (its feature number), Spark, Scala, helper JAR
     */
    record Versions(Map<String, String> byName) implements Serializable {

        static Versions here() {
            Map<String, String> versions = new TreeMap<>();
            versions.put("Java", Integer.toString(Runtime.version().feature()));
            versions.put("Spark", package$.MODULE$.SPARK_VERSION());
            versions.put("Scala", scala.util.Properties.versionNumberString());
            versions.put("helper JAR", Version.get());
            return new Versions(versions);
        }

        /** Of an executor, beside those of the driver. */
        List<Finding> compared(String where, Versions driver) {
            List<Finding> findings = new ArrayList<>();
            byName.forEach((name, version) -> {
                String wanted = driver.byName.get(name);
                findings.add(version.equals(wanted) ? Finding.ok(where, name, version)
                        : Finding.failed(where, name, version + ", and " + wanted + " on the driver",
                                "give all machines the same " + name));
            });
            return findings;
        }

        /** Of the driver, beside what the project is built for. */
        List<Finding> required() {
            return List.of(
                    one("Java", "17", "install a JDK 17 and set VERGER_JAVA_HOME to it"),
                    one("Spark", "3\\.5\\..*", "set SPARK_HOME to a Spark 3.5"),
                    one("Scala", "2\\.12\\..*", "set SPARK_HOME to a Spark 3.5 for Scala 2.12"),
                    Finding.ok(Doctor.DRIVER, "helper JAR", byName.get("helper JAR")));
        }

        private Finding one(String name, String pattern, String advice) {
            String version = byName.get(name);
            return version.matches(pattern) ? Finding.ok(Doctor.DRIVER, name, version)
                    : Finding.failed(Doctor.DRIVER, name, version, advice);
        }
    }

    /** What every machine needs, whatever runs there. */
    static List<Finding> everywhere(String where) {
        return List.of(onnxRuntime(where), openBlas(where), disk(where, new File(System.getProperty("java.io.tmpdir"))));
    }

    /** What the driver alone needs. */
    static List<Finding> onDriver() {
        return List.of(fonts(), hdf5());
    }

    private static Finding onnxRuntime(String where) {
        String what = "ONNX Runtime";
        try {
            return Finding.ok(where, what, OnnxRuntime.load());
        } catch (LinkageError | RuntimeException e) {
            return Finding.failed(where, what, e,
                    "no network runs without it: this machine needs glibc 2.28 or newer, a writable "
                            + System.getProperty("java.io.tmpdir")
                            + " that may hold programs (no noexec), and the helper JAR's own jars");
        }
    }

    private static Finding openBlas(String where) {
        return Blas.best().isNative() ? Finding.ok(where, "OpenBLAS", "native")
                : Finding.advice(where, "OpenBLAS", "none, or VERGER_BLAS=java",
                        "a PCA takes some ten times as long in Java: see the log of this machine for why it did not load");
    }

    static Finding disk(String where, File folder) {
        long free = folder.getUsableSpace();
        String found = folder + " has " + free / MIB + " MB free";
        if (free < LEAST_DISK) {
            return Finding.failed(where, "disk", found, "native libraries and shuffles go there: make " + LEAST_DISK / MIB
                    + " MB of room, or set java.io.tmpdir");
        }
        return free >= ENOUGH_DISK ? Finding.ok(where, "disk", found)
                : Finding.advice(where, "disk", found, "a large run spills to disk: make " + ENOUGH_DISK / MIB + " MB of room");
    }

    static Finding fonts() {
        try {
            Charts.requireFonts();
            return Finding.ok(Doctor.DRIVER, "fonts", "charts can be drawn");
        } catch (IllegalStateException e) {
            return Finding.failed(Doctor.DRIVER, "fonts", "none", e.getMessage());
        }
    }

    private static Finding hdf5() {
        String what = "HDF5 and ND4J";
        try {
            return Finding.ok(Doctor.DRIVER, what, NativeLibraries.tried());
        } catch (IOException e) {
            return Finding.advice(Doctor.DRIVER, what, e.getMessage(),
                    "weights of ResNet50 cannot be read here; EfficientNet-Lite0 and models in ONNX can");
        }
    }
}
