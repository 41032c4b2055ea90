package verger.networks.weights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import verger.files.S3;
import verger.files.UserPath;
import verger.networks.WeightsNotFoundException;
import verger.progress.Work;

/** Brings the file of weights, or the model, that a user names from wherever it is to the local disk. */
public final class GivenWeights {

    /** The stamp of a file that cannot be had; whoever reads the file says why. */
    public static final String NO_STAMP = "none";

    private final Path cacheDir;
    private final String subject;
    private final String param;
    private final String wayOut;

    /**
     * @param cacheDir a local directory for copies of remote files, created when needed
     * @param network  name of the network, for errors
     * @param wayOut   what the user can do where the file cannot be read
     */
    public GivenWeights(Path cacheDir, String network, String wayOut) {
        this(cacheDir, network + " weights", "weights", wayOut);
    }

    /**
     * @param subject what is looked for, for errors
     * @param param   the param that names it
     */
    public GivenWeights(Path cacheDir, String subject, String param, String wayOut) {
        this.cacheDir = cacheDir;
        this.subject = subject;
        this.param = param;
        this.wayOut = wayOut;
    }

    /**
     * Finds the file.
     *
     * @param weights a local path, or a URI of any file system that Hadoop knows
     * @param hadoop  the settings of those file systems
     * @throws WeightsNotFoundException if it cannot be read
     * @throws IOException              if a local copy cannot be written
     */
    public Weights find(String weights, Configuration hadoop) throws IOException {
        Path local;
        try {
            local = localPath(weights);
        } catch (IOException e) {
            throw notFound(weights, e.getMessage(), e);
        }
        if (local == null) {
            return remote(weights, hadoop);
        }
        if (!Files.isRegularFile(local) || !Files.isReadable(local)) {
            String why = !Files.exists(local) ? "no such local file" + (weights.endsWith(local.toString()) ? "" : ": " + local)
                    : Files.isDirectory(local) ? "a directory" : "not readable";
            throw notFound(weights, why, null);
        }
        return new Weights(local, Work.step("checking " + weights, () -> Checksums.sha256(local)), weights);
    }

    /** Finds the file as {@link #find} does, or returns null where there is no such file. */
    public Weights findIfThere(String weights, Configuration hadoop) throws IOException {
        return isThere(weights, hadoop) ? find(weights, hadoop) : null;
    }

    /** Returns false only where the file system says so; of any other failure the reader of the file says the reason. */
    private static boolean isThere(String weights, Configuration hadoop) {
        try {
            Path local = localPath(weights);
            if (local != null) {
                return Files.exists(local);
            }
            org.apache.hadoop.fs.Path path = UserPath.of(weights);
            return S3.fileSystem(path, hadoop).exists(path);
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    /** Returns a text that changes when the file comes, goes or is replaced; nothing of the file is read. */
    public static String stamp(String weights, Configuration hadoop) {
        try {
            if (localPath(weights) == null) {
                S3.requireAnswer(UserPath.of(weights), hadoop);
            }
        } catch (IOException | RuntimeException e) {
            return NO_STAMP;
        }
        return stampBeside(weights, hadoop);
    }

    /** Returns the stamp of a file beside another that has one: S3 is not asked again whether it answers, which takes time. */
    public static String stampBeside(String weights, Configuration hadoop) {
        try {
            Path local = localPath(weights);
            if (local != null) {
                return stamp(local);
            }
            org.apache.hadoop.fs.Path path = UserPath.of(weights);
            FileStatus status = path.getFileSystem(hadoop).getFileStatus(path);
            return status.getLen() + " " + status.getModificationTime();
        } catch (IOException | RuntimeException e) {
            return NO_STAMP;
        }
    }

    /** Returns the stamp of a local file; links are followed. */
    public static String stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return file.toRealPath() + " " + now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
        } catch (IOException e) {
            return NO_STAMP;
        }
    }

    /** Returns null where there is a scheme. A path without one is local, whatever Hadoop's default file system is. */
    private static Path localPath(String weights) throws IOException {
        return UserPath.isElsewhere(weights) ? null : UserPath.local(weights);
    }

    private Weights remote(String weights, Configuration hadoop) throws IOException {
        org.apache.hadoop.fs.Path path;
        try {
            path = UserPath.of(weights);
        } catch (IOException e) {
            throw notFound(weights, e.getMessage(), e);
        }
        FileSystem fileSystem;
        FileStatus status;
        try {
            fileSystem = S3.fileSystem(path, hadoop);
            status = fileSystem.getFileStatus(path);
            if (!status.isFile()) {
                throw new IOException("a directory");
            }
        } catch (IOException | RuntimeException e) {
            throw S3.isS3A(path, hadoop) && !(e instanceof FileNotFoundException)
                    ? notFound(weights, S3.reason(path, hadoop, e), e) : unreadable(weights, e);
        }
        // Another file under the same name has another length or time, and so another copy.
        String key = Checksums.sha256(path.toUri() + "\n" + status.getLen() + "\n" + status.getModificationTime())
                .substring(0, 16);
        Path folder = TrustedFolder.of(cacheDir);
        PartFile.removeOfDead(folder);
        Path copy = folder.resolve(key + "-" + path.getName());
        Path sum = folder.resolve(copy.getFileName() + ".sha256");
        String sha256 = isTrusted(copy) && isTrusted(sum) ? Checksums.sha256(copy) : "";
        if (sha256.isEmpty() || !sha256.equals(Files.readString(sum, StandardCharsets.ISO_8859_1))) {
            try (PartFile part = PartFile.in(folder); PartFile partOfSum = PartFile.in(folder)) {
                try (FSDataInputStream in = fileSystem.open(path)) {
                    Work.step("fetching " + weights, () -> Files.copy(in, part.path(), StandardCopyOption.REPLACE_EXISTING));
                } catch (IOException e) {
                    throw unreadable(weights, e);
                }
                if (Files.size(part.path()) != status.getLen()) {
                    throw unreadable(weights, new IOException(Files.size(part.path()) + " of " + status.getLen()
                            + " bytes came"));
                }
                sha256 = Checksums.sha256(part.path());
                Files.writeString(partOfSum.path(), sha256);
                TrustedFolder.closeToOthers(part.path());
                TrustedFolder.closeToOthers(partOfSum.path());
                part.complete(copy.getFileName().toString());
                partOfSum.complete(sum.getFileName().toString());
            }
        }
        return new Weights(copy, sha256, weights);
    }

    private static boolean isTrusted(Path file) throws IOException {
        return Files.exists(file) && TrustedFolder.isTrusted(file);
    }

    private Missing unreadable(String weights, Exception e) {
        String why = e instanceof FileNotFoundException ? "no such file"
                : e.getClass().getSimpleName() + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return notFound(weights, why, e);
    }

    private Missing notFound(String weights, String why, Exception cause) {
        return new Missing(subject + " not found: " + param + "=" + weights + " (" + why + "); " + wayOut + ".", why, cause);
    }

    /** The file cannot be had. */
    static final class Missing extends WeightsNotFoundException {

        private static final long serialVersionUID = 1L;

        private final String why;

        Missing(String message, String why, Exception cause) {
            super(message, cause);
            this.why = why;
        }

        /** In words that stand in brackets. */
        String why() {
            return why;
        }

        /** Whether its file system has answered of this file; S3 denies access to what is not there where nobody may list. */
        boolean isOfThisFile() {
            return getCause() == null || getCause() instanceof FileNotFoundException
                    || getCause() instanceof AccessDeniedException;
        }
    }
}
