package verger.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import verger.files.S3;
import verger.files.UserPath;

/**
 * Says of what is saved what made it: network and SHA-256 of its weights, settings, versions, and the images by a hash of their
 * listing.
 *
 * <pre>{@code
 * System.out.println(Provenance.describe("out/fruits"));
 * System.out.println(Provenance.describe("s3a://fruits/out/pca-model"));
 * }</pre>
 */
public final class Provenance {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "metadata";
    /** The folders in which Spark's models of models keep the inner ones. */
    private static final String[] INNER = {"bestModel", "estimator", "model"};

    private final FileSystem fs;
    private final StringBuilder text = new StringBuilder();

    private Provenance(FileSystem fs) {
        this.fs = fs;
    }

    /**
     * Says what made a folder of results, a table of {@link AppendedFeatures}, or a saved stage, pipeline or model of Spark ML.
     *
     * @param uri path or URI of any file system that Hadoop knows
     * @return lines of {@code name: value}, inner ones indented
     * @throws IllegalArgumentException if there is none of these at {@code uri}
     */
    public static String describe(String uri) {
        Option<SparkSession> session = SparkSession.getActiveSession().orElse(SparkSession::getDefaultSession);
        Configuration conf = session.isDefined() ? S3.settings(session.get()) : new Configuration();
        Path path;
        try {
            path = UserPath.of(uri, conf);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot describe " + uri + ": " + e.getMessage(), e);
        }
        try {
            Provenance provenance = new Provenance(S3.fileSystem(path, conf));
            provenance.tell(path, uri);
            return provenance.text.toString();
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("There is nothing at " + uri, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot describe " + uri + ": " + S3.reason(path, conf, e), e);
        }
    }

    private void tell(Path path, String uri) throws IOException {
        if (!fs.getFileStatus(path).isDirectory()) {
            throw nothing(uri, "a file");
        }
        if (fs.exists(new Path(path, Manifest.FILE))) {
            line(0, "results", uri);
            tell(1, whole(new Path(path, Manifest.FILE), uri));
        } else if (fs.exists(new Path(path, MadeBy.FILE))) {
            line(0, "features appended to", uri);
            tell(1, whole(new Path(path, MadeBy.FILE), uri));
        } else if (fs.exists(new Path(path, METADATA))) {
            stage(0, path, uri);
            results(path);
        } else {
            throw nothing(uri, "a folder without " + Manifest.FILE + ", " + METADATA + " and " + MadeBy.FILE);
        }
    }

    private static IllegalArgumentException nothing(String uri, String what) {
        return new IllegalArgumentException("Nothing says what made " + uri + ", " + what
                + ": give a folder of results, or that of a saved stage, pipeline or model");
    }

    /** Tells of a saved stage, and of those in it, indented. */
    private void stage(int depth, Path path, String uri) throws IOException {
        JsonNode metadata = metadata(new Path(path, METADATA), uri);
        String type = metadata.path("class").asText();
        line(depth, type.substring(type.lastIndexOf('.') + 1), metadata.path("uid").asText());
        line(depth + 1, "saved", Instant.ofEpochMilli(metadata.path("timestamp").asLong())
                + " by Spark " + metadata.path("sparkVersion").asText());
        if (metadata.has("vergerVersion") && !metadata.has("provenance")) {
            line(depth + 1, "verger", metadata.path("vergerVersion").asText());
        }
        tell(depth + 1, metadata.path("provenance"));
        ObjectNode settings = JSON.createObjectNode();
        metadata.path("defaultParamMap").fields().forEachRemaining(param -> settings.set(param.getKey(), param.getValue()));
        metadata.path("paramMap").fields().forEachRemaining(param -> settings.set(param.getKey(), param.getValue()));
        settings.remove("stageUids");
        tell(depth + 1, settings);
        Path stages = new Path(path, "stages");
        if (fs.exists(stages)) {
            FileStatus[] inner = fs.listStatus(stages, stage -> stage.getName().matches("\\d+_.*"));
            Arrays.sort(inner, Comparator.comparingInt(stage -> Integer.parseInt(stage.getPath().getName().split("_")[0])));
            for (FileStatus stage : inner) {
                stage(depth + 1, stage.getPath(), uri);
            }
        }
        for (String name : INNER) {
            if (fs.exists(new Path(new Path(path, name), METADATA))) {
                stage(depth + 1, new Path(path, name), uri);
            }
        }
    }

    /** Tells of the results that a saved model is a part of. */
    private void results(Path path) throws IOException {
        Path parent = path.getParent();
        Path manifest = parent == null ? null : new Path(parent, Manifest.FILE);
        if (manifest == null) {
            return;
        }
        JsonNode told;
        try {
            told = whole(manifest, parent.toString());
        } catch (IOException | IllegalArgumentException e) {
            return; // none, or one that may not be read or is somebody else's: the model is described all the same
        }
        for (JsonNode file : told.path("files")) {
            if (file.asText().equals(path.getName())) {
                line(0, "part of the results", UserPath.shown(parent));
                tell(1, told);
            }
        }
    }

    private JsonNode metadata(Path folder, String uri) throws IOException {
        FileStatus part = Stream.of(fs.listStatus(folder))
                .filter(file -> file.getPath().getName().startsWith("part-") && file.getLen() > 0)
                .findFirst().orElseThrow(() -> nothing(uri, "whose metadata is empty"));
        return whole(part.getPath(), uri);
    }

    private JsonNode whole(Path file, String uri) throws IOException {
        byte[] bytes;
        try (FSDataInputStream in = fs.open(file)) {
            bytes = in.readAllBytes();
        }
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json.isObject()) {
                return json;
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw nothing(uri, "whose " + file.getName() + " is not JSON");
        }
        throw nothing(uri, "whose " + file.getName() + " is not an object of JSON");
    }

    private void tell(int depth, JsonNode object) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = object.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            tell(depth, field.getKey(), field.getValue());
        }
    }

    private void tell(int depth, String name, JsonNode value) {
        if (value.isObject() && !value.isEmpty()) {
            text.append("  ".repeat(depth)).append(name).append(":\n");
            tell(depth + 1, value);
        } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
            line(depth, name, value.size() + ", see " + Manifest.FILE);
        } else if (value.isArray()) {
            StringBuilder items = new StringBuilder();
            value.forEach(item -> items.append(items.length() == 0 ? "" : ", ").append(item.asText()));
            line(depth, name, items.length() == 0 ? "none" : items.toString());
        } else if (!value.asText().isEmpty()) {
            line(depth, name, value.asText());
        }
    }

    private void line(int depth, String name, String value) {
        text.append("  ".repeat(depth)).append(name).append(": ").append(value).append('\n');
    }
}
