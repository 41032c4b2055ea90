package verger.storage;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Puts what a run has saved into place of an earlier result by moving it: the earlier manifest goes first, the new one comes
 * last. Another try goes on where one broke off.
 */
class Publication {

    final FileSystem fs;
    final AtomicSteps steps;
    final Path output;
    final Staging staging;
    final Lease lease;

    Publication(FileSystem fs, AtomicSteps steps, Path output, Staging staging, Lease lease) {
        this.fs = fs;
        this.steps = steps;
        this.output = output;
        this.staging = staging;
        this.lease = lease;
    }

    static Publication of(FileSystem fs, AtomicSteps steps, Path output, Staging staging, Lease lease) {
        return steps instanceof S3Steps s3 ? new S3Publication(fs, s3, output, staging, lease)
                : new Publication(fs, steps, output, staging, lease);
    }

    final Path path(String name) {
        return new Path(output, name);
    }

    /** What belongs to the earlier result; also if a try that broke off has taken its manifest away. */
    final List<String> earlierNames() throws IOException {
        Set<String> names = new LinkedHashSet<>(ManifestFile.names(fs, path(Manifest.FILE)));
        ManifestFile.names(fs, staging.earlier(Manifest.FILE)).stream().filter(name -> !name.equals(Manifest.FILE))
                .forEach(names::add);
        return List.copyOf(names);
    }

    /**
     * Publishes.
     *
     * @param saved names of all that was saved, the manifest not among them
     * @throws OutputLostException if another run has taken the output over
     */
    void publish(List<String> saved) throws IOException {
        List<String> earlier = earlierNames();
        lease.requireHeld();
        setAside(Manifest.FILE);
        for (String name : earlier) {
            if (!saved.contains(name) || fs.exists(staging.file(name))) { // or it is the new one, of a try that broke off
                setAside(name);
            }
        }
        for (String name : saved) {
            if (fs.exists(staging.file(name))) {
                setAside(name); // there without a manifest: of a run that was cut off
                putInPlace(name);
            }
        }
        lease.requireHeld();
        putInPlace(Manifest.FILE);
    }

    private void setAside(String name) throws IOException {
        if (!fs.exists(path(name))) {
            return;
        }
        Path aside = staging.earlier(name);
        steps.move(path(name), fs.exists(aside) ? aside.suffix("-" + UUID.randomUUID()) : aside);
    }

    private void putInPlace(String name) throws IOException {
        fs.mkdirs(path(name).getParent());
        steps.move(staging.file(name), path(name));
    }
}
