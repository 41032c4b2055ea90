package verger.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3Objects;
import verger.files.WholeTable;

/**
 * Puts what a run has saved into place on S3, where a folder is many objects and moving is copying: the earlier manifest goes
 * first, then the marks of whole tables and what has no successor; the new objects come, several at a time, each over its
 * forerunner, then the marks, and the manifest last.
 *
 * <p>What another run has put there in the meantime stays, though this one be paused between any two requests: a copy needs its
 * source, which who takes an output over removes, and only an object that is still the one that was listed is deleted. S3 knows
 * that by its content: where a committer leaves the mark of a whole table empty, it gets the run's name first. Before each
 * deletion the run asks whether it still holds the output, for other files that may be equal in two runs.
 */
final class S3Publication extends Publication {

    private static final Logger LOG = LoggerFactory.getLogger(S3Publication.class);
    private static final int AT_A_TIME = 16;

    private final S3Objects objects;

    S3Publication(FileSystem fs, S3Steps steps, Path output, Staging staging, Lease lease) {
        super(fs, steps, output, staging, lease);
        this.objects = steps.objects();
    }

    @Override
    void publish(List<String> saved) throws IOException {
        Set<String> names = new LinkedHashSet<>(earlierNames());
        names.addAll(saved);
        Map<Path, FileStatus> sources = new LinkedHashMap<>(); // by their place
        for (String name : saved) {
            for (FileStatus object : list(fs, staging.file(name))) {
                if (isMark(object.getPath()) && object.getLen() == 0) {
                    objects.write(object.getPath(), lease.holder().toJson());
                }
                sources.put(new Path(output, relative(object.getPath(), staging.files())), object);
            }
        }
        lease.requireHeld();
        // What may be in place from now on, for another try and for the next run.
        objects.write(staging.earlier(Manifest.FILE), Manifest.ofNames(names));
        removeManifest();
        List<FileStatus> marks = new ArrayList<>();
        List<FileStatus> others = new ArrayList<>();
        for (String name : names) {
            for (FileStatus object : list(fs, path(name))) {
                if (isMark(object.getPath())) {
                    marks.add(object);
                } else if (!sources.containsKey(object.getPath())) {
                    others.add(object);
                }
            }
        }
        atATime(marks, this::delete);
        atATime(others, this::delete);
        atATime(sources.entrySet().stream().filter(one -> !isMark(one.getKey())).toList(), this::copy);
        atATime(sources.entrySet().stream().filter(one -> isMark(one.getKey())).toList(), this::copy);
        lease.requireHeld();
        objects.copy(staging.file(Manifest.FILE), path(Manifest.FILE));
    }

    private void removeManifest() throws IOException {
        try {
            delete(fs.getFileStatus(path(Manifest.FILE)));
        } catch (FileNotFoundException e) {
            LOG.debug("There is no earlier manifest at {}", output);
        }
    }

    /** All objects of a file or folder; none if there is nothing. */
    static List<FileStatus> list(FileSystem fs, Path place) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        try {
            for (RemoteIterator<LocatedFileStatus> files = fs.listFiles(place, true); files.hasNext();) {
                found.add(files.next());
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return found;
    }

    private static String relative(Path object, Path folder) {
        return object.toUri().getPath().substring(folder.toUri().getPath().length() + 1);
    }

    private static boolean isMark(Path object) {
        return object.getName().equals(WholeTable.SUCCESS);
    }

    private void delete(FileStatus object) throws IOException {
        lease.requireHeld();
        delete(objects, object);
    }

    /** Deletes an object if it is still the one that was listed. */
    static void delete(S3Objects objects, FileStatus object) throws IOException {
        objects.delete(object.getPath(), ((EtagSource) object).getEtag());
    }

    private void copy(Map.Entry<Path, FileStatus> one) throws IOException {
        Path from = one.getValue().getPath();
        if (one.getValue().getLen() <= S3Objects.MAX_COPY_BYTES) {
            objects.copy(from, one.getKey());
        } else {
            FileUtil.copy(fs, from, fs, one.getKey(), false, true, fs.getConf());
        }
    }

    private interface Step<T> {

        void run(T one) throws IOException;
    }

    /** All of them, if this run still holds the output; after one that fails no other one begins. */
    private <T> void atATime(List<T> all, Step<T> step) throws IOException {
        lease.requireHeld();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (T one : all) {
                running.add(threads.submit(() -> {
                    step.run(one);
                    return null;
                }));
            }
            threads.shutdown();
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it publishes");
        } finally {
            threads.shutdownNow();
        }
    }
}
