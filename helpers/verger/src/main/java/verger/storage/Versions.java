package verger.storage;

import ai.onnxruntime.OrtEnvironment;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;

/** The versions that a result depends on. */
final class Versions {

    private Versions() {
    }

    static Map<String, String> all(SparkSession spark) {
        Map<String, String> versions = new TreeMap<>();
        String verger = Versions.class.getPackage().getImplementationVersion();
        versions.put("verger", verger == null ? "development" : verger);
        versions.put("spark", spark.version());
        versions.put("hadoop", VersionInfo.getVersion());
        versions.put("java", System.getProperty("java.version"));
        versions.put("onnxruntime", OrtEnvironment.getEnvironment().getVersion());
        return versions;
    }
}
