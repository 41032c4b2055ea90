package verger.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import verger.files.WholeTable;
import verger.networks.Network;

/**
 * What made a table that is appended to, in a file of the table: features that cannot be compared are not to lie in one table.
 */
final class MadeBy {

    static final String FILE = "_made-by.json";

    private static final String IMAGES = "images";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode content;

    private MadeBy(JsonNode content) {
        this.content = content;
    }

    /**
     * What features are made by.
     *
     * @param inputSize width and height in pixels that the images are fed in; 0: the network's own
     * @param folders   where the images are; empty if they are in no files
     */
    static MadeBy of(Network network, String weightsSha256, int inputSize, List<String> folders) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("network", network.name());
        made.put("weightsSha256", weightsSha256);
        made.putAll(Manifest.input(network, inputSize));
        made.put(IMAGES, folders);
        try {
            return new MadeBy(JSON.readTree(JSON.writeValueAsBytes(made))); // as it will be read again, to be compared
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes sure that a table was made in the same way, and writes it down where there is no table yet.
     *
     * @throws IllegalArgumentException if the table holds features that cannot be compared with these, or of the images of
     *     another folder; or if its folder holds something else than a table of this kind
     */
    void require(FileSystem fs, Path table) throws IOException {
        Path file = new Path(table, FILE);
        if (!fs.exists(file)) {
            requireEmpty(fs, table);
            writeWhole(fs, file);
        }
        try (FSDataInputStream in = fs.open(file)) { // another run may have been quicker
            JsonNode before = JSON.readTree(in.readAllBytes());
            requireSameFolders(table, before.path(IMAGES), content.path(IMAGES));
            String differences = differences(before, content);
            if (!differences.isEmpty()) {
                throw new IllegalArgumentException("The table " + table + " holds features that cannot be compared with these, "
                        + "by " + differences + ": choose the network and the settings of the table, or another output");
            }
        }
    }

    /** A manifest names one folder, and what is missing is looked for in one. Who reads no files is let through. */
    private static void requireSameFolders(Path table, JsonNode before, JsonNode now) {
        if (!before.isEmpty() && !now.isEmpty() && !before.equals(now)) {
            throw new IllegalArgumentException("The table " + table + " holds the photographs of " + names(before) + ", and "
                    + "these are of " + names(now) + ": choose another output");
        }
    }

    private static String names(JsonNode folders) {
        List<String> names = new ArrayList<>();
        folders.forEach(folder -> names.add(folder.asText()));
        return String.join(" and ", names);
    }

    private static String differences(JsonNode before, JsonNode now) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        now.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> name.equals(IMAGES) || before.path(name).equals(now.path(name)));
        return String.join(", ", names.stream()
                .map(name -> name + " (" + told(before.path(name)) + " there, " + told(now.path(name)) + " here)").toList());
    }

    private static String told(JsonNode value) {
        return value.isMissingNode() ? "none" : value.isValueNode() ? value.asText() : value.toString();
    }

    /** Old files of a folder that is not a table of this kind would be removed. */
    private static void requireEmpty(FileSystem fs, Path table) throws IOException {
        List<String> others = new ArrayList<>();
        for (FileStatus file : FolderFiles.of(fs, table)) {
            String name = file.getPath().getName();
            if (name.equals(WholeTable.SUCCESS)) {
                throw new IllegalArgumentException("The table " + table + " was written as a whole, and nothing can be "
                        + "appended to it: choose another output");
            }
            if (!name.startsWith(FILE) && !name.startsWith("." + FILE)) { // what a run left that died while it wrote it
                others.add(name);
            }
        }
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("The folder " + table + " is no table of appended features: it has no " + FILE
                    + ", and it holds " + others.get(0) + (others.size() == 1 ? "" : " and " + (others.size() - 1) + " more")
                    + "; choose another output");
        }
    }

    private void writeWhole(FileSystem fs, Path file) throws IOException {
        Path written = file.suffix("-" + UUID.randomUUID());
        try (FSDataOutputStream out = fs.create(written, false)) {
            out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
        }
        boolean moved;
        try {
            moved = fs.rename(written, file);
        } catch (FileAlreadyExistsException e) {
            moved = false;
        }
        if (!moved) {
            fs.delete(written, false);
            if (!fs.exists(file)) {
                throw new IOException("could not move " + written + " to " + file);
            }
        }
    }
}
