package verger.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import verger.files.S3;
import verger.files.WholeTable;

/**
 * A folder of any Hadoop file system whose files and tables are replaced all at once: they are written into a hidden folder
 * inside first, and {@link #publish} moves them into place, the manifest last.
 */
final class OutputFolder {

    private final Configuration conf;
    private final FileSystem fs;
    private final Path output;
    private final Path staging;
    private final Set<String> saved = new LinkedHashSet<>();
    private final Map<String, List<Path>> moved = new LinkedHashMap<>();
    private boolean published;

    /**
     * @param output folder, made if it does not exist
     * @throws IllegalArgumentException if it cannot be written
     */
    OutputFolder(Configuration conf, String output) {
        this.conf = conf;
        Path folder;
        try {
            folder = new Path(output);
        } catch (IllegalArgumentException e) {
            throw cannotWrite(output, e.getMessage(), e);
        }
        try {
            this.fs = S3.fileSystem(folder, conf);
            this.output = fs.makeQualified(folder);
            this.staging = new Path(this.output, "_writing-" + UUID.randomUUID());
            if (!fs.mkdirs(staging)) {
                throw new IOException("the folder cannot be made");
            }
            fs.deleteOnExit(staging); // what a run leaves that dies before it publishes
        } catch (IOException | IllegalArgumentException e) {
            throw cannotWrite(output, S3.reason(folder, conf, e), e);
        }
    }

    private static IllegalArgumentException cannotWrite(String output, String why, Exception e) {
        return new IllegalArgumentException("Cannot write results to " + output + ": " + why, e);
    }

    /** Where the results are once {@link #publish} has returned, as a person would type it. */
    String location() {
        boolean local = output.toUri().getScheme().equals("file");
        return local ? output.toUri().getPath() : output.toString();
    }

    /** Where a file or table is once {@link #publish} has returned. */
    Path path(String name) {
        return new Path(output, name);
    }

    /**
     * Makes sure that the next run will not take these results for images.
     *
     * @param images folder that the images are read from
     * @throws IllegalArgumentException if the results are to lie in it or below
     */
    void requireOutside(String images) {
        Path root = qualified(new Path(images));
        for (Path folder = output; folder != null; folder = folder.getParent()) {
            if (folder.equals(root)) {
                throw new IllegalArgumentException("The results would lie among the images: " + location()
                        + " is in the folder of images " + images + "; choose another output");
            }
        }
    }

    private Path qualified(Path path) {
        if (path.toUri().getScheme() != null) {
            return path; // perhaps of another file system, which need not be asked for this
        }
        try {
            return FileSystem.get(conf).makeQualified(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all that was saved, in the order in which it was. */
    List<String> saved() {
        return List.copyOf(saved);
    }

    /**
     * Counts a table or folder among what is saved; it takes the place of one that was saved under the same name, as by a cell
     * that is run again.
     *
     * @return where it is to be written: there is nothing yet
     * @throws IllegalStateException if the results are published already
     */
    Path staged(String name) {
        requireUnpublished();
        Path path = new Path(staging, name);
        moved.remove(name);
        if (!saved.add(name)) {
            try {
                fs.delete(path, true);
            } catch (IOException e) {
                throw cannotWrite(path, e);
            }
        }
        return path;
    }

    /**
     * Counts a table among what is saved whose files lie elsewhere in this file system: {@link #publish} moves them.
     *
     * @param files that are whole
     */
    void stageMoved(String name, List<Path> files) {
        staged(name);
        moved.put(name, files);
    }

    private void moveIn() throws IOException {
        for (Map.Entry<String, List<Path>> table : moved.entrySet()) {
            Path into = new Path(staging, table.getKey());
            fs.mkdirs(into);
            for (Path file : table.getValue()) {
                move(file, new Path(into, file.getName()));
            }
            fs.create(new Path(into, WholeTable.SUCCESS), true).close();
        }
        moved.clear();
    }

    /**
     * Deletes what is in a folder that is no result.
     *
     * @param kept name of what stays; null if the folder goes as a whole
     */
    void deleteBut(String name, String kept) {
        try {
            if (kept == null) {
                fs.delete(path(name), true);
                return;
            }
            for (FileStatus file : Listing.of(fs, path(name))) {
                if (!file.getPath().getName().equals(kept)) {
                    fs.delete(file.getPath(), true);
                }
            }
        } catch (IOException e) {
            throw cannotWrite(path(name), e);
        }
    }

    FileSystem fileSystem() {
        return fs;
    }

    /** Saves a file. */
    void save(String name, byte[] content) {
        write(staged(name), content);
    }

    private void write(Path file, byte[] content) {
        try (FSDataOutputStream out = fs.create(file, true)) {
            out.write(content);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private UncheckedIOException cannotWrite(Path file, IOException e) {
        return new UncheckedIOException("Cannot write " + file + ": " + S3.reason(file, conf, e), e);
    }

    /** Saves the manifest, which names all that was saved before. */
    void saveManifest(byte[] content) {
        requireUnpublished();
        write(new Path(staging, Manifest.FILE), content);
    }

    /** What is published a second time would replace the first by what was saved since, and by nothing where nothing was. */
    private void requireUnpublished() {
        if (published) {
            throw new IllegalStateException("The results at " + location() + " are published, and nothing was changed: to save "
                    + "others, begin again where the output is named");
        }
    }

    /**
     * Puts all that was saved into place of an earlier result; files that are not of a result stay where they are.
     *
     * @throws IllegalStateException if there is no manifest yet, if a table of {@link AppendedFeatures} would be replaced, or
     *     if the results are published already
     */
    void publish() {
        requireUnpublished();
        Path earlier = new Path(output, "_earlier-" + UUID.randomUUID());
        try {
            if (!fs.exists(new Path(staging, Manifest.FILE))) {
                throw new IllegalStateException("Nothing to publish at " + location() + ": save the manifest first");
            }
            fs.cancelDeleteOnExit(staging); // from here on it may be the only copy
            try (PublishLock lock = lock()) {
                moveIn();
                replace(earlier);
                published = true;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot publish the results at " + location() + ": " + S3.reason(output, conf, e)
                    + "; what was saved is in " + staging + ", an earlier result in " + earlier, e);
        }
    }

    /** Null where the file system has no locks. */
    private PublishLock lock() throws IOException {
        boolean local = output.toUri().getScheme().equals("file");
        return local ? PublishLock.take(java.nio.file.Path.of(output.toUri().getPath())) : null;
    }

    private void replace(Path earlier) throws IOException {
        List<String> earlierFiles = earlierFiles();
        requireNoneAppendedTo(earlierFiles);
        requireNoneAppendedTo(saved);
        for (String name : earlierFiles) {
            move(path(name), new Path(earlier, name));
        }
        for (String name : saved) {
            if (!fs.exists(new Path(staging, name))) {
                continue; // in place already, by an attempt that broke off
            }
            move(path(name), new Path(earlier, name)); // there without a manifest: of a run that was cut off
            move(new Path(staging, name), path(name));
        }
        move(new Path(staging, Manifest.FILE), path(Manifest.FILE));
        fs.delete(staging, true);
        fs.delete(earlier, true);
    }

    /** Such a table holds what many runs have found. */
    private void requireNoneAppendedTo(Collection<String> names) throws IOException {
        for (String name : names) {
            if (fs.exists(new Path(path(name), MadeBy.FILE))) {
                throw new IllegalStateException("Cannot publish the results at " + location() + ": " + name
                        + " is a table that is appended to, and would be replaced; what was saved is in " + staging
                        + ", and nothing was moved: choose another output");
            }
        }
    }

    /** What the manifest of an earlier result names, itself first: without it the folder is no whole result any more. */
    private List<String> earlierFiles() throws IOException {
        Path manifest = path(Manifest.FILE);
        List<String> files = new ArrayList<>();
        if (fs.exists(manifest)) {
            files.add(Manifest.FILE);
            try (FSDataInputStream in = fs.open(manifest)) {
                Manifest.files(in.readAllBytes()).stream().filter(this::isInside).forEach(files::add);
            }
        }
        return files;
    }

    /** What is removed is named by a file, which may be anybody's. */
    private boolean isInside(String name) {
        Path folder = name.isEmpty() ? null : path(name).getParent();
        while (folder != null && !folder.equals(output)) {
            folder = folder.getParent();
        }
        return folder != null;
    }

    private void move(Path from, Path to) throws IOException {
        if (!fs.exists(from)) {
            return;
        }
        fs.mkdirs(to.getParent());
        if (S3.isS3A(from, conf) && fs.getFileStatus(from).isDirectory()) {
            moveOneByOne(from, to);
        } else if (!fs.rename(from, to)) {
            throw new IOException("could not move " + from + " to " + to);
        }
    }

    /** S3 copies a folder object by object, in the order of their names: what says that it is whole would come early. */
    private void moveOneByOne(Path from, Path to) throws IOException {
        FileStatus[] inIt = fs.listStatus(from);
        Arrays.sort(inIt, Comparator.comparing(file -> file.getPath().getName().equals(WholeTable.SUCCESS)));
        for (FileStatus file : inIt) {
            move(file.getPath(), new Path(to, file.getPath().getName()));
        }
        fs.delete(from, true);
    }
}
