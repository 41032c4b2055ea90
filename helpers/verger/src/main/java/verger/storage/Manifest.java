package verger.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.features.NetworkStage;
import verger.images.ImageListing;
import verger.networks.Network;
import verger.networks.NetworkChoice;
import verger.networks.weights.Checksums;

/**
 * Writes down what made a result: images, network, versions, settings, and the seconds of each stage.
 *
 * <p>The clock runs from the start; {@link #stage} says what the seconds from then on are spent on. A {@link Run} has one.
 */
public final class Manifest {

    static final String FILE = "manifest.json";

    /** The manifest names so many of the images that could not be used. */
    public static final int MAX_FAILURES = 1000;

    static final String FEATURES_MADE_BY = "featuresMadeBy";
    private static final String REUSED = "reused";
    private static final int SUMMARIZED = 5;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, Object> content = new LinkedHashMap<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private String stage;
    private long stageStart;

    /** @param images where the images are, as the user gave it */
    public Manifest(SparkSession spark, String images) {
        content.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        content.put("images", images);
        content.put("spark", Map.of(
                "master", spark.sparkContext().master(), "applicationId", spark.sparkContext().applicationId()));
        content.put("versions", Versions.all(spark));
    }

    /** Ends the stage before and starts the clock of this one; a name used twice adds up. */
    public void stage(String name) {
        endStage();
        stage = name;
        stageStart = System.nanoTime();
    }

    private void endStage() {
        if (stage != null) {
            seconds.merge(stage, (System.nanoTime() - stageStart) / 1e9, Double::sum);
            stage = null;
        }
    }

    /** Says which network made the features, from which weights, and what it was fed: images of its own size. */
    public void network(NetworkChoice choice) {
        network(choice, 0);
    }

    /** Says the same of a stage, whose images may have another size than the network's own. */
    public void network(NetworkStage<?> stage) {
        network(stage.choice(), stage.getInputSize());
    }

    private void network(NetworkChoice choice, int inputSize) {
        Map<String, Object> network = new LinkedHashMap<>();
        network.put("name", choice.network().name());
        network.put("features", choice.network().featureSize());
        network.put("engine", choice.engine());
        network.put("why", choice.why());
        if (!choice.details().isEmpty()) {
            network.put("details", choice.details());
        }
        network.put("weights", choice.weightsFrom());
        network.put("weightsSha256", choice.weightsSha256());
        network.putAll(input(choice.network(), inputSize));
        network.put("source", choice.network().source());
        network.put("licence", choice.network().licence());
        content.put("network", network);
    }

    /**
     * What has to be the same beside the weights, or features cannot be compared.
     *
     * @param inputSize width and height in pixels; 0: the network's own
     */
    static Map<String, Object> input(Network network, int inputSize) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("inputSize", inputSize == 0 ? network.inputSize() : inputSize);
        input.put("channelOrder", network.channelOrder().name());
        input.put("mean", network.mean());
        input.put("scale", network.scale());
        input.put("featureLayer", network.featureLayer());
        return input;
    }

    /**
     * Says which files went in, by their number, their bytes and the SHA-256 of their listing: the lines
     * {@code origin<tab>length} in UTF-8, sorted by their bytes, each with a newline. A shell computes it for a local folder
     * that is read without a limit, by the folder's absolute path: {@code find FOLDER -mindepth 1 -name '[._]*' -prune -o -type f
     * -printf '%p\t%s\n' | LC_ALL=C sort | sha256sum}. Names that begin with a dot or an underscore are passed over.
     *
     * @param images columns {@code origin} and {@code length}, of which the first no two rows have the same
     */
    public void listing(Dataset<Row> images) {
        List<Row> rows = images.select("origin", "length").collectAsList();
        List<byte[]> lines = new ArrayList<>(rows.size());
        long bytes = 0;
        for (Row row : rows) {
            lines.add((row.getString(0) + "\t" + row.getLong(1) + "\n").getBytes(StandardCharsets.UTF_8));
            bytes += row.getLong(1);
        }
        lines.sort(Arrays::compareUnsigned);
        Map<String, Object> listing = new LinkedHashMap<>();
        listing.put("files", rows.size());
        listing.put("bytes", bytes);
        listing.put("sha256", sha256(lines));
        content.put("listing", listing);
    }

    private static String sha256(List<byte[]> parts) {
        MessageDigest digest = Checksums.newSha256();
        parts.forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Counts the images read, used and failed, says by a hash which they were ({@link #listing}), and names the failed ones
     * with their reason, the first {@value #MAX_FAILURES} by origin.
     *
     * @param featurized columns {@code origin} and {@code reason} (null where the image could be used), and {@code length},
     *                   without which there is no listing
     * @throws IllegalArgumentException if not one of the images could be used, with the reason of the first
     */
    public void counts(Dataset<Row> featurized) {
        long read = featurized.count();
        Dataset<Row> failed = featurized.filter(featurized.col("reason").isNotNull());
        long failures = failed.count();
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("read", read);
        counts.put("used", read - failures);
        counts.put("failed", failures);
        content.put("counts", counts);
        if (Arrays.asList(featurized.columns()).contains("length")) {
            listing(featurized);
        }
        List<Map<String, String>> named = new ArrayList<>();
        for (Row row : failed.select("origin", "reason").orderBy("origin").limit(MAX_FAILURES).collectAsList()) {
            named.add(orderedMap("origin", row.getString(0), "reason", row.getString(1)));
        }
        content.put("failed", named);
        if (read > 0 && failures == read) {
            throw new IllegalArgumentException("None of the " + read + " files is an image that can be used; the first, "
                    + named.get(0).get("origin") + ": " + named.get(0).get("reason"));
        }
    }

    /**
     * Says how many features an earlier run had.
     *
     * @param from when the first of these were written, in milliseconds; 0 if there are none
     */
    void reused(long reused, long all, long from) {
        Map<String, Object> features = new LinkedHashMap<>();
        features.put("features", reused);
        features.put("of", all);
        if (reused > 0) {
            features.put("from", Instant.ofEpochMilli(from).truncatedTo(ChronoUnit.SECONDS).toString());
        }
        content.put(REUSED, features);
    }

    /** As a person says it: 76,004 of 78,572 from the run of 10:42. */
    private String reused() {
        if (!(content.get(REUSED) instanceof Map<?, ?> features) || !features.containsKey("from")) {
            return "";
        }
        ZonedDateTime from = Instant.parse((String) features.get("from")).atZone(ZoneId.systemDefault());
        boolean today = from.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault()));
        return String.format(Locale.ROOT, "; %,d of %,d from the run of %s", (Long) features.get("features"),
                (Long) features.get("of"),
                from.format(DateTimeFormatter.ofPattern(today ? "HH:mm" : "d MMMM, HH:mm", Locale.ROOT)));
    }

    /**
     * Adds to the counts what became of all that was listed, which is more than was read where there is a limit.
     *
     * @param byStatus of each status of {@code files.parquet} the number of its rows
     */
    void files(Map<String, Long> byStatus, ImageListing listing) {
        Map<String, Object> counts = new LinkedHashMap<>();
        if (content.get("counts") instanceof Map<?, ?> read) {
            read.forEach((name, number) -> counts.put(name.toString(), number));
        }
        counts.put("listed", listing.size());
        counts.put("byStatus", byStatus);
        counts.put("hidden", listing.hidden().values().stream().mapToLong(Long::longValue).sum());
        content.put("counts", counts);
        content.put("hidden", listing.hidden());
        content.put("repeated", listing.repeated());
    }

    /** A text of a saved manifest; empty if it has none of that name. */
    static String text(byte[] json, String name) {
        try {
            return JSON.readTree(json).path(name).asText();
        } catch (IOException e) {
            return ""; // somebody else's file
        }
    }

    /** The names of the files that a saved manifest lists; none if it is no manifest of ours. */
    static List<String> files(byte[] json) {
        List<String> files = new ArrayList<>();
        try {
            JSON.readTree(json).path("files").forEach(name -> files.add(name.asText()));
        } catch (IOException e) {
            return List.of(); // somebody else's file of that name
        }
        return files;
    }

    /** A manifest that says nothing but the names of what may be there. */
    static byte[] ofNames(Collection<String> names) {
        try {
            return JSON.writeValueAsBytes(Map.of("files", names));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of the run that a saved manifest is of; 0 if it does not say. */
    static long runNumber(byte[] json) {
        try {
            return JSON.readTree(json).path("run").path("number").asLong();
        } catch (IOException e) {
            return 0; // somebody else's file of that name
        }
    }

    private static Map<String, String> orderedMap(String key1, String value1, String key2, String value2) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(key1, value1);
        map.put(key2, value2);
        return map;
    }

    /** The counts in words, with the first few of the images that could not be used. */
    public String summary() {
        Map<?, ?> counts = (Map<?, ?>) content.get("counts");
        List<?> failed = (List<?>) content.get("failed");
        StringBuilder summary = new StringBuilder(counts.get("read") + (counts.get("read").equals(1L) ? " file" : " files")
                + " read, " + counts.get("used") + " used, " + counts.get("failed") + " failed" + reused());
        for (Object failure : failed.subList(0, Math.min(SUMMARIZED, failed.size()))) {
            Map<?, ?> named = (Map<?, ?>) failure;
            summary.append("\n  ").append(named.get("origin")).append(": ").append(named.get("reason"));
        }
        return summary.append(failed.size() > SUMMARIZED ? "\n  …" : "").toString();
    }

    /** Adds anything else that JSON can hold, such as {@code k}. */
    public void put(String name, Object value) {
        content.put(name, value);
    }

    /** An entry by its name, or null. */
    public Object get(String name) {
        return content.get(name);
    }

    String toJson() {
        endStage();
        Map<String, Object> all = new LinkedHashMap<>(content);
        Map<String, Double> rounded = new LinkedHashMap<>();
        seconds.forEach((name, time) -> rounded.put(name, Math.round(time * 1000) / 1000.0));
        all.put("seconds", rounded);
        try {
            return JSON.writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The manifest holds something that JSON cannot: " + e.getMessage(), e);
        }
    }
}
