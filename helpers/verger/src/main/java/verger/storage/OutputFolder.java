package verger.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3;
import verger.files.UserPath;
import verger.files.WholeTable;

/**
 * A folder of any Hadoop file system whose files and tables are replaced all at once: they are written into a hidden folder
 * inside first, and {@link #publish} moves them into place, the manifest last.
 */
final class OutputFolder {

    private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);

    private final Configuration conf;
    private final FileSystem fs;
    private final Path output;
    private final Staging staging;
    private final AtomicSteps steps;
    private final Lease lease;
    private final Publication publication;
    private final Set<String> saved = new LinkedHashSet<>();
    private final Map<String, List<Path>> moved = new LinkedHashMap<>();
    private byte[] manifest;
    private Runnable last = () -> {};
    private boolean published;

    /**
     * Takes the folder for this run, until it has published or the process ends, and removes what runs have left there that died.
     *
     * @param output      folder, made if it does not exist
     * @param application Spark's name of who asks, for those who come later
     * @throws IllegalArgumentException if it cannot be written
     * @throws OutputHeldException      if another run writes there
     */
    OutputFolder(Configuration conf, String output, String application) {
        this.conf = conf;
        Path folder;
        try {
            folder = UserPath.of(output, conf);
        } catch (IOException e) {
            throw cannotWrite(output, e.getMessage(), e);
        }
        Lease taken = null;
        try {
            this.fs = S3.fileSystem(folder, conf);
            this.output = fs.makeQualified(folder);
            this.staging = new Staging(new Path(this.output, Staging.PREFIX + UUID.randomUUID()));
            makeFolder(this.output);
            steps = AtomicSteps.of(fs);
            byte[] before = ManifestFile.read(fs, path(Manifest.FILE));
            taken = Lease.take(fs, steps, this.output, application, before == null ? 0 : Manifest.runNumber(before));
            this.lease = taken;
            Litter.remove(fs, steps, this.output, lease);
            makeFolder(staging.files());
            makeFolder(staging.earlier());
            fs.deleteOnExit(staging.folder()); // what a run leaves that dies before it publishes
            this.publication = Publication.of(fs, steps, this.output, staging, lease);
        } catch (IOException | IllegalArgumentException e) {
            if (taken != null) {
                taken.close();
            }
            throw cannotWrite(output, S3.reason(folder, conf, e), e);
        }
    }

    private void makeFolder(Path folder) throws IOException {
        if (!fs.mkdirs(folder)) {
            throw new IOException("the folder cannot be made");
        }
    }

    private static IllegalArgumentException cannotWrite(String output, String why, Exception e) {
        return new IllegalArgumentException("Cannot write results to " + output + ": " + why, e);
    }

    /** Where the results are once {@link #publish} has returned, as a person would type it. */
    String location() {
        return UserPath.shown(output);
    }

    /** Who this run is, as its manifest has it. */
    Holder run() {
        return lease.holder();
    }

    /** What this run has published; before that, the result that is in place. */
    SavedRun saved(SparkSession spark) {
        return new SavedRun(output, published ? new WholeResult(spark, fs, output, manifest)
                : WholeResult.in(spark, fs, output));
    }

    /** Where a file or table is once {@link #publish} has returned. */
    Path path(String name) {
        return new Path(output, name);
    }

    /**
     * Makes sure that the next run will not take these results for images.
     *
     * @param images folder that the images are read from, a path or as {@code Images.location} gives it
     * @throws IllegalArgumentException if the results are to lie in it or below
     */
    void requireOutside(String images) {
        Path root;
        try {
            root = images.startsWith("file:") ? new Path(images) : qualified(UserPath.of(images, conf));
        } catch (IOException | IllegalArgumentException e) {
            return; // nothing can be there, and whoever lists it says why
        }
        for (Path folder = output; folder != null; folder = folder.getParent()) {
            if (folder.equals(root)) {
                throw new IllegalArgumentException("The results would lie among the images: " + location()
                        + " is in the folder of images " + images + "; choose another output");
            }
        }
    }

    private Path qualified(Path path) throws IOException {
        boolean whole = path.toUri().getScheme() != null; // perhaps of another file system, which need not be asked for this
        return whole ? path : FileSystem.get(conf).makeQualified(path);
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
        Path path = staging.file(name);
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
        Path table = staged(name);
        try {
            makeFolder(table);
        } catch (IOException e) {
            throw cannotWrite(table, e);
        }
        moved.put(name, files);
    }

    /** Into folders that are there: a run that was paused and overtaken finds none, and takes nothing from the other. */
    private void moveIn() throws IOException {
        for (Map.Entry<String, List<Path>> table : moved.entrySet()) {
            Path into = staging.file(table.getKey());
            for (Path file : table.getValue()) {
                Path target = new Path(into, file.getName());
                if (!fs.exists(target)) { // or a try that broke off has moved it
                    steps.move(file, target);
                }
            }
            steps.write(new Path(into, WholeTable.SUCCESS), new byte[0]);
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
            for (FileStatus file : FolderFiles.of(fs, path(name))) {
                if (!file.getPath().getName().equals(kept)) {
                    fs.delete(file.getPath(), true);
                }
            }
        } catch (IOException e) {
            throw cannotWrite(path(name), e);
        }
    }

    /** Sets what {@link #publish} does at the end, before others may write to the output. */
    void atTheEnd(Runnable action) {
        last = action;
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
        write(staging.file(Manifest.FILE), content);
        manifest = content;
    }

    /** What is published a second time would replace the first by what was saved since, and by nothing where nothing was. */
    private void requireUnpublished() {
        if (published) {
            throw new IllegalStateException("The results at " + location() + " are published, and nothing was changed: to save "
                    + "others, begin again where the output is named");
        }
    }

    /**
     * Puts all that was saved into place of an earlier result; files that are not of a result stay where they are. Then others may
     * write to the output.
     *
     * @throws IllegalStateException if there is no manifest yet, if a table of {@link AppendedFeatures} would be replaced, if the
     *     results are published already, or if another run has taken the output over
     */
    void publish() {
        requireUnpublished();
        try {
            if (!fs.exists(staging.file(Manifest.FILE))) {
                lease.requireHeld();
                throw new IllegalStateException("Nothing to publish at " + location() + ": save the manifest first");
            }
            fs.cancelDeleteOnExit(staging.folder()); // from here on it may be the only copy
            requireNoneAppendedTo(publication.earlierNames());
            requireNoneAppendedTo(saved);
            lease.requireHeld();
            moveIn();
            publication.publish(saved());
            published = true;
            last.run();
        } catch (IOException e) {
            throw cannotPublish(e);
        }
        end();
    }

    private RuntimeException cannotPublish(IOException e) {
        try {
            lease.requireHeld(); // or what is missing was taken away by who has the output now
        } catch (OutputLostException lost) {
            return lost;
        } catch (IOException again) {
            e.addSuppressed(again);
        }
        return new UncheckedIOException("Cannot publish the results at " + location() + ": " + S3.reason(output, conf, e)
                + "; what was saved is in " + staging.files() + ", an earlier result in " + staging.earlier(), e);
    }

    /** Removes what is not published, and lets others write to the output. */
    void end() {
        try {
            fs.delete(staging.folder(), true);
        } catch (IOException e) {
            LOG.warn("Cannot remove {}, which the next run will: {}", staging.folder(), e.toString());
        }
        lease.close();
    }

    /** Such a table holds what many runs have found. */
    private void requireNoneAppendedTo(Collection<String> names) throws IOException {
        for (String name : names) {
            if (fs.exists(new Path(path(name), MadeBy.FILE))) {
                throw new IllegalStateException("Cannot publish the results at " + location() + ": " + name
                        + " is a table that is appended to, and would be replaced; what was saved is in " + staging.files()
                        + ", and nothing was moved: choose another output");
            }
        }
    }
}
