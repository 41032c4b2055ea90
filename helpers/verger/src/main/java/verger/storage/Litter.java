package verger.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs have left in an output that died, or were overtaken: it is removed by the run that holds the output, and an earlier
 * result that they were about to replace is put back where it can be.
 *
 * <p>First each of their folders gets a name that they do not know. If one of them lives on after all, it finds nothing to move
 * and nowhere to move to.
 */
final class Litter {

    private static final Logger LOG = LoggerFactory.getLogger(Litter.class);
    private static final String DEAD = "_dead-";
    /** Of Verger 0.2.0 and before. */
    private static final String OLD_EARLIER = "_earlier-";
    private static final String OLD_LOCK = "_publishing";

    private final FileSystem fs;
    private final AtomicSteps steps;
    private final Path output;

    private Litter(FileSystem fs, AtomicSteps steps, Path output) {
        this.fs = fs;
        this.steps = steps;
        this.output = output;
    }

    /** @param lease of the run that holds the output now */
    static void remove(FileSystem fs, AtomicSteps steps, Path output, Lease lease) throws IOException {
        Litter litter = new Litter(fs, steps, output);
        List<Staging> dead = new ArrayList<>();
        for (FileStatus file : fs.listStatus(output)) {
            String name = file.getPath().getName();
            if (name.startsWith(Staging.PREFIX) || name.startsWith(DEAD)) {
                dead.add(litter.renamed(file.getPath()));
            } else if (name.startsWith(OLD_EARLIER) || name.equals(OLD_LOCK) || lease.isOfOthers(name)) {
                fs.delete(file.getPath(), true);
            }
        }
        for (Staging one : dead) {
            if (!fs.exists(litter.path(Manifest.FILE))) {
                lease.requireHeld();
                litter.putBack(one);
            }
            FeatureParts.takeBack(fs, litter.path(FeatureParts.FOLDER), one.file(Results.FEATURES));
            LOG.info("Removing {}, which a run has left that did not end", one.folder());
            fs.delete(one.folder(), true);
        }
    }

    private Staging renamed(Path folder) throws IOException {
        if (steps instanceof S3Steps) {
            return new Staging(folder);
        }
        Path renamed = new Path(output, DEAD + UUID.randomUUID());
        steps.move(folder, renamed);
        return new Staging(renamed);
    }

    private Path path(String name) {
        return new Path(output, name);
    }

    /** Undoes what was done of a publication that was cut off, its manifest last. */
    private void putBack(Staging dead) throws IOException {
        Set<String> names = new LinkedHashSet<>(ManifestFile.names(fs, dead.file(Manifest.FILE)));
        List<String> earlier = ManifestFile.names(fs, dead.earlier(Manifest.FILE));
        if (steps instanceof S3Steps s3) {
            removeObjects(s3, earlier); // of which some are the new ones: there is no copy of the earlier ones
            return;
        }
        for (String name : names) {
            if (!fs.exists(dead.file(name)) && fs.exists(path(name))) {
                fs.mkdirs(dead.file(name).getParent());
                steps.move(path(name), dead.file(name));
            }
        }
        names.addAll(earlier);
        names.remove(Manifest.FILE);
        for (String name : names) {
            putBack(dead, name);
        }
        putBack(dead, Manifest.FILE);
    }

    private void putBack(Staging dead, String name) throws IOException {
        if (fs.exists(dead.earlier(name))) {
            fs.mkdirs(path(name).getParent());
            steps.move(dead.earlier(name), path(name));
        }
    }

    private void removeObjects(S3Steps s3, List<String> names) throws IOException {
        for (String name : names) {
            for (FileStatus object : S3Publication.list(fs, path(name))) {
                S3Publication.delete(s3.objects(), object);
            }
        }
    }
}
