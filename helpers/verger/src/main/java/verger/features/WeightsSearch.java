package verger.features;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Finds the weights of ResNet50: the file that the user names, or the one in the cache of DL4J's zoo, or the zoo's
 * download.
 */
final class WeightsSearch {

    /** Without a network the search ends within 10 s, the other places and their checks included. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final String WAY_OUT = "set weights=<path or s3a:// URI of a DL4J zip or Keras 2 .h5>";

    private final Path cacheDir;
    private final ZooFile zoo;
    private final Duration patience;

    /** @param cacheDir a local directory for copies of remote files, created when needed */
    WeightsSearch(Path cacheDir) {
        this(cacheDir, ZooFile.resNet50(), PATIENCE);
    }

    WeightsSearch(Path cacheDir, ZooFile zoo, Duration patience) {
        this.cacheDir = cacheDir;
        this.zoo = zoo;
        this.patience = patience;
    }

    /**
     * Finds the weights.
     *
     * @param weights a local path, or a URI of any file system that Hadoop knows; null or blank to look in the zoo's
     *                cache and to download
     * @param hadoop  the settings of those file systems
     * @throws WeightsNotFoundException if {@code weights} is given and cannot be read, or nothing is found
     * @throws IOException              if a local copy cannot be written
     */
    Weights find(String weights, Configuration hadoop) throws IOException {
        if (weights != null && !weights.isBlank()) {
            return explicit(weights.strip(), hadoop);
        }
        Path cached = zoo.file();
        if (!Files.isRegularFile(cached)) {
            return download();
        }
        long adler32 = Checksums.adler32(cached);
        if (adler32 != zoo.adler32()) {
            // Neither deleted nor overwritten: it may be the user's own.
            throw notFound(zoo.directory() + " (" + zoo.name() + " has Adler-32 " + adler32 + ", not " + zoo.adler32()
                    + ": cut short, or another file), " + zoo.url() + " (not tried, its place is taken)",
                    " or delete that file to download it again", null);
        }
        return new Weights(cached, Checksums.sha256(cached), zoo.directory().toString());
    }

    private Weights explicit(String weights, Configuration hadoop) throws IOException {
        Path local = localPath(weights);
        if (local == null) {
            return remote(weights, hadoop);
        }
        if (!Files.isRegularFile(local) || !Files.isReadable(local)) {
            String why = !Files.exists(local) ? "no such local file" : Files.isDirectory(local) ? "a directory" : "not readable";
            throw new WeightsNotFoundException("ResNet50 weights not found: weights=" + weights + " (" + why + "); " + WAY_OUT + ".", null);
        }
        return new Weights(local, Checksums.sha256(local), weights);
    }

    /** A path without a scheme is local, whatever Hadoop's default file system is; null where there is a scheme. */
    private static Path localPath(String weights) {
        if (weights.startsWith("file:")) {
            return Path.of(new org.apache.hadoop.fs.Path(weights).toUri().getPath());
        }
        return weights.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*") ? null : Path.of(weights);
    }

    private Weights remote(String weights, Configuration hadoop) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(weights);
        FileSystem fileSystem;
        FileStatus status;
        try {
            fileSystem = path.getFileSystem(hadoop);
            status = fileSystem.getFileStatus(path);
            if (!status.isFile()) {
                throw new IOException("a directory");
            }
        } catch (IOException | RuntimeException e) {
            throw unreadable(weights, e);
        }
        // Another file under the same name has another length or time, and so another copy.
        String key = Checksums.sha256(path.toUri() + "\n" + status.getLen() + "\n" + status.getModificationTime()).substring(0, 16);
        Path copy = cacheDir.resolve(key + "-" + path.getName());
        if (!Files.isRegularFile(copy) || Files.size(copy) != status.getLen()) {
            try (PartFile part = PartFile.in(cacheDir)) {
                try (FSDataInputStream in = fileSystem.open(path)) {
                    Files.copy(in, part.path(), StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    throw unreadable(weights, e);
                }
                if (Files.size(part.path()) != status.getLen()) {
                    throw unreadable(weights, new IOException(Files.size(part.path()) + " of " + status.getLen() + " bytes came"));
                }
                part.complete(copy.getFileName().toString());
            }
        }
        return new Weights(copy, Checksums.sha256(copy), weights);
    }

    private static WeightsNotFoundException unreadable(String weights, Exception e) {
        String why = e instanceof FileNotFoundException ? "no such file"
                : e.getClass().getSimpleName() + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new WeightsNotFoundException("ResNet50 weights not found: weights=" + weights + " (" + why + "); " + WAY_OUT + ".", e);
    }

    private Weights download() throws IOException {
        String directory = zoo.directory() + " (no " + zoo.name() + ")";
        if (!canWrite(zoo.directory())) {
            throw notFound(directory + ", " + zoo.url() + " (not tried, that directory cannot be written)", "", null);
        }
        try (PartFile part = PartFile.in(zoo.directory())) {
            Download.to(zoo.url(), part.path(), patience);
            long adler32 = Checksums.adler32(part.path());
            if (adler32 != zoo.adler32()) {
                throw new IOException("what came has Adler-32 " + adler32 + ", not " + zoo.adler32());
            }
            Path file = part.complete(zoo.name());
            return new Weights(file, Checksums.sha256(file), zoo.url().toString());
        } catch (IOException e) {
            throw notFound(directory + ", " + zoo.url() + " (" + e.getMessage() + ")", " or connect to download them", e);
        }
    }

    private static boolean canWrite(Path directory) {
        try {
            return Files.isWritable(Files.createDirectories(directory));
        } catch (IOException e) {
            return false;
        }
    }

    private static WeightsNotFoundException notFound(String places, String otherWayOut, IOException cause) {
        return new WeightsNotFoundException("ResNet50 weights not found: looked in weights= (not set), " + places + "; "
                + WAY_OUT + otherWayOut + ".", cause);
    }
}
