package verger.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.files.S3;
import verger.files.UserPath;

/** All that a {@link Doctor} found, what is wrong first. */
public final class Checkup {

    private static final StructType SCHEMA = new StructType()
            .add("where", DataTypes.StringType, false).add("what", DataTypes.StringType, false)
            .add("status", DataTypes.StringType, false).add("found", DataTypes.StringType, false)
            .add("advice", DataTypes.StringType, false);
    private static final List<String> WORST_FIRST = List.of(Finding.FAILED, Finding.ADVICE, Finding.OK);

    private final List<Finding> findings;
    private final Instant at;

    Checkup(List<Finding> findings, Instant at) {
        this.findings = findings.stream()
                .sorted((a, b) -> WORST_FIRST.indexOf(a.status()) - WORST_FIRST.indexOf(b.status())).toList();
        this.at = at.truncatedTo(ChronoUnit.SECONDS);
    }

    /** What was found, what is wrong first. */
    public List<Finding> findings() {
        return findings;
    }

    /** Whether no check failed; there may be advice. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(Finding::isFailed);
    }

    /** A row for each finding: where, what, status, found, advice (texts). */
    public Dataset<Row> table(SparkSession spark) {
        return spark.createDataFrame(findings.stream()
                .map(f -> RowFactory.create(f.where(), f.what(), f.status(), f.found(), f.advice())).toList(), SCHEMA);
    }

    /** {@code healthy}, {@code checked} (time in UTC), and {@code findings} with the columns of {@link #table}. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("healthy", isHealthy());
        json.put("checked", at.toString());
        json.put("findings", findings.stream().map(f -> {
            Map<String, String> row = new LinkedHashMap<>();
            row.put("where", f.where());
            row.put("what", f.what());
            row.put("status", f.status());
            row.put("found", f.found());
            row.put("advice", f.advice());
            return row;
        }).toList());
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes {@code doctor.json} into a folder, in place of an earlier one.
     *
     * @param folder a path or any Hadoop URI
     * @return where it is
     * @throws UncheckedIOException if it cannot be written, with the reason
     */
    public String save(SparkSession spark, String folder) {
        Configuration conf = S3.settings(spark);
        try {
            Path file = new Path(UserPath.of(folder, conf), "doctor.json");
            try (OutputStream out = S3.fileSystem(file, conf).create(file, true)) {
                out.write(toJson().getBytes(StandardCharsets.UTF_8));
            }
            return UserPath.shown(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write doctor.json to " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Ends a run that would not go well.
     *
     * @throws IllegalStateException that counts the checks that failed, and says what the first one found and advises
     */
    public void requireHealthy() {
        List<Finding> failed = findings.stream().filter(Finding::isFailed).toList();
        if (!failed.isEmpty()) {
            Finding first = failed.get(0);
            throw new IllegalStateException((failed.size() == 1 ? "A check failed" : failed.size() + " checks failed")
                    + ", first of all " + first.what() + " on " + first.where() + " (" + first.found() + "): "
                    + first.advice());
        }
    }

    /** Counts in words. */
    @Override
    public String toString() {
        return findings.size() + " checks: " + count(Finding.OK) + " ok, " + count(Finding.ADVICE) + " with advice, "
                + count(Finding.FAILED) + " failed";
    }

    private long count(String status) {
        return findings.stream().filter(finding -> finding.status().equals(status)).count();
    }
}
