package verger.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads results as anybody may: the manifest, all that it names, and the manifest again. */
final class ForeignReader {

    private final FileSystem fs;
    private final Path output;

    ForeignReader(FileSystem fs, Path output) {
        this.fs = fs;
        this.output = output;
    }

    /** The run whose whole result is there; null if there is none, or it is replaced while it is read. */
    String run() throws IOException {
        byte[] before = ManifestFile.read(fs, new Path(output, "manifest.json"));
        if (before == null) {
            return null;
        }
        AssertionError mixed = null;
        String run = null;
        try {
            run = read(new ObjectMapper().readTree(before));
        } catch (IOException e) { // of a folder that goes while it is listed a local disk does not say that it is gone
            mixed = new AssertionError("not read: " + e.getMessage(), e);
        } catch (AssertionError e) {
            mixed = e;
        }
        if (!Arrays.equals(before, ManifestFile.read(fs, new Path(output, "manifest.json")))) {
            return null;
        }
        if (mixed != null) {
            throw mixed;
        }
        return run;
    }

    private String read(JsonNode manifest) throws IOException {
        String run = manifest.get("name").asText();
        for (JsonNode name : manifest.get("files")) {
            Path file = new Path(output, name.asText());
            if (name.asText().endsWith(".parquet")) {
                int parts = 0;
                for (FileStatus part : fs.listStatus(file)) {
                    if (part.getPath().getName().startsWith("part-")) {
                        assertThat(text(part.getPath())).isEqualTo(run + " part");
                        parts++;
                    }
                }
                assertThat(parts).isEqualTo(PublishingProcess.PARTS);
                assertThat(fs.exists(new Path(file, "_SUCCESS"))).isTrue();
            } else {
                assertThat(text(file)).isEqualTo(name.asText().equals(PublishingProcess.SAME) ? PublishingProcess.SAME
                        : run + " " + name.asText());
            }
        }
        return run;
    }

    private String text(Path file) throws IOException {
        byte[] content = ManifestFile.read(fs, file);
        if (content == null) {
            throw new FileNotFoundException(file.toString());
        }
        return new String(content, UTF_8);
    }
}
