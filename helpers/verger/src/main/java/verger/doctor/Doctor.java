package verger.doctor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import verger.files.S3;
import verger.progress.Work;

/**
 * Looks whether driver and executors have what the notebooks need: versions, native libraries, fonts, memory, disk, clocks, a
 * folder that can be written and read, weights, and the way from an image to its features.
 *
 * <pre>{@code
 * Checkup checkup = Doctor.check(spark, "s3://my-fruits/verger/results");
 * checkup.requireHealthy();
 * }</pre>
 */
public final class Doctor {

    static final String DRIVER = "driver";

    private static final long MIB = 1 << 20;

    private Doctor() {
    }

    /** Checks all but a folder. */
    public static Checkup check(SparkSession spark) {
        return check(spark, null);
    }

    /**
     * Checks all; it takes some ten seconds.
     *
     * @param folder where a small file is written, read on every machine and deleted: a path or any Hadoop URI, such as
     *               where results will go; null or blank for none
     * @return what was found; what is wrong is among it, and throws nothing
     */
    public static Checkup check(SparkSession spark, String folder) {
        Instant at = Instant.now();
        SparkContext context = spark.sparkContext();
        Configuration conf = S3.settings(spark);
        List<Finding> findings = new ArrayList<>();

        Machine.Versions versions = Machine.Versions.here();
        findings.addAll(versions.required());
        findings.addAll(Machine.everywhere(DRIVER));
        findings.addAll(Work.step("checking native libraries", Machine::onDriver));
        findings.addAll(MemoryNeeds.compared(context.conf(), context.isLocal(), Runtime.getRuntime().maxMemory() / MIB));
        findings.addAll(MemoryNeeds.left());

        Folder tried = folder == null || folder.isBlank() ? null : new Folder(folder.strip(), conf);
        if (tried != null) {
            Work.step("checking " + folder, () -> {
                tried.write();
                return null;
            });
        } else {
            findings.add(Finding.advice(DRIVER, "folder", "not checked",
                    "name one that results will go to, such as s3://my-fruits/verger/results/check"));
        }
        if (context.isLocal()) {
            findings.add(Finding.ok(DRIVER, "executors", "none, tasks run in the driver"));
        } else {
            findings.addAll(new Executors(context, new SerializableConfiguration(conf))
                    .findings(versions, tried == null ? null : tried.written()));
        }
        if (tried != null) {
            findings.addAll(tried.findings());
        }
        findings.addAll(Features.tried(spark));
        return new Checkup(findings, at);
    }
}
