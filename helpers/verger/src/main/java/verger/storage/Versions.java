package verger.storage;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;
import verger.Version;
import verger.networks.onnx.OnnxRuntime;

/** Lists the versions that a result depends on. */
final class Versions {

    private Versions() {
    }

    static Map<String, String> all(SparkSession spark) {
        Map<String, String> versions = new TreeMap<>();
        versions.put("verger", Version.get());
        versions.put("spark", spark.version());
        versions.put("hadoop", VersionInfo.getVersion());
        versions.put("java", System.getProperty("java.version"));
        versions.put("onnxruntime", OnnxRuntime.version());
        return versions;
    }
}
