package verger.networks.weights;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.ThisMachine;

/**
 * Files and folders that only their process has a use for. A name says which one that is,
 * {@code <kind><machine>_<process>_<start>_<number>}: whoever makes the next one of its kind removes what a dead process has
 * left.
 */
public final class ProcessFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFiles.class);

    /** Longer than a file is written to: so the processes of other machines, which cannot be seen, leave nothing for ever. */
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    /** Of Verger 0.2.0 and before a name has a UUID alone. */
    private static final Pattern NAME =
            Pattern.compile("([0-9a-f]{8})_(\\d{1,18})_([^_]+)_[0-9a-f-]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private ProcessFiles() {
    }

    /** What this process is called in a name. */
    private static final class Me {

        static final String MACHINE = Checksums.sha256(ThisMachine.id()).substring(0, 8);
        private static final long PID = ProcessHandle.current().pid();
        static final String NAME = MACHINE + "_" + PID + "_"
                + URLEncoder.encode(ThisMachine.startOf(PID), StandardCharsets.US_ASCII) + "_";
    }

    /** Makes an empty file in the folder for temporary ones, which this user alone can read. */
    public static Path newFile(String kind, String suffix) throws IOException {
        removeOfDead(temporary(), kind, suffix);
        return Files.createTempFile(temporary(), kind + Me.NAME, suffix);
    }

    /** Makes a folder there, which this user alone can enter. */
    static Path newFolder(String kind) throws IOException {
        removeOfDead(temporary(), kind, "");
        return Files.createTempDirectory(temporary(), kind + Me.NAME);
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** A name that no other file has. */
    static String newName(String kind, String suffix) {
        return kind + Me.NAME + UUID.randomUUID() + suffix;
    }

    /** Removes what dead processes of this user have left in a folder; where that fails, the next one tries again. */
    static void removeOfDead(Path folder, String kind, String suffix) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> isOfDead(file, kind, suffix))) {
            for (Path file : files) {
                LOG.info("Removing {}, which a process has left that did not end well", file);
                FileUtils.deleteQuietly(file.toFile());
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("What dead processes have left in {} stays", folder, e);
        }
    }

    private static boolean isOfDead(Path file, String kind, String suffix) {
        String name = file.getFileName().toString();
        if (!name.startsWith(kind) || !name.endsWith(suffix) || name.length() < kind.length() + suffix.length()) {
            return false;
        }
        Matcher process = NAME.matcher(name.substring(kind.length(), name.length() - suffix.length()));
        try {
            return process.matches() && TrustedFolder.isOwn(file) && (Me.MACHINE.equals(process.group(1))
                    ? ThisMachine.state(Long.parseLong(process.group(2)),
                            URLDecoder.decode(process.group(3), StandardCharsets.US_ASCII)) == ThisMachine.State.GONE
                    : isForgotten(file));
        } catch (IOException | IllegalArgumentException e) {
            return false; // it has just gone, or is somebody's of another name
        }
    }

    /** A folder may be in use although nothing changes in it. */
    private static boolean isForgotten(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isRegularFile()
                && attributes.lastModifiedTime().toInstant().isBefore(Instant.now().minus(FORGOTTEN));
    }
}
