package verger.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A manifest as it lies in a folder, perhaps of somebody else's making. */
final class ManifestFile {

    private ManifestFile() {
    }

    /** Null if there is none. */
    static byte[] read(FileSystem fs, Path file) throws IOException {
        try (FSDataInputStream in = fs.open(file)) {
            return in.readAllBytes();
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** The names of what it lists, none of which leads out of its folder: a name may be anybody's. Empty if there is none. */
    static List<String> names(FileSystem fs, Path file) throws IOException {
        byte[] content = read(fs, file);
        List<String> names = new ArrayList<>();
        if (content != null) {
            Manifest.files(content).stream().filter(name -> isInside(file.getParent(), name)).forEach(names::add);
        }
        return names;
    }

    private static boolean isInside(Path output, String name) {
        Path folder = name.isEmpty() ? null : new Path(output, name).getParent();
        while (folder != null && !folder.equals(output)) {
            folder = folder.getParent();
        }
        return folder != null;
    }
}
