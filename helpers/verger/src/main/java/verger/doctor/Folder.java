package verger.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import verger.files.S3;
import verger.files.UserPath;

/** A small file that is written into a folder, read by every machine and deleted: whether the folder can be worked with. */
final class Folder {

    private static final String WHAT = "folder";
    private static final int BYTES = 4096;
    /** S3 and HDFS tell whole seconds, or less. */
    private static final long UNIT_OF_TIME = 1000;

    private final String folder;
    private final Configuration conf;
    private final List<Finding> findings = new ArrayList<>();
    /** Null until it was written. */
    private Path file;

    /** @param folder a path or any Hadoop URI */
    Folder(String folder, Configuration conf) {
        this.folder = folder;
        this.conf = conf;
    }

    /** Writes the file, and reads it on the driver. */
    void write() {
        Path tried = null;
        try {
            tried = new Path(UserPath.of(folder, conf), "_verger-check-" + UUID.randomUUID());
            FileSystem fileSystem = S3.fileSystem(tried, conf);
            long begin = System.currentTimeMillis();
            try (OutputStream out = fileSystem.create(tried, false)) {
                out.write(content());
            }
            file = tried;
            FileStatus status = fileSystem.getFileStatus(file);
            findings.add(read(Doctor.DRIVER, file, conf));
            findings.add(Clock.compared(Doctor.DRIVER, "clock of the folder", status.getModificationTime(), begin,
                    System.currentTimeMillis(), UNIT_OF_TIME));
        } catch (IOException | RuntimeException e) {
            String reason = tried == null ? e.getMessage() : reason(tried, conf, e);
            findings.add(Finding.failed(Doctor.DRIVER, WHAT, "cannot write to " + folder, reason));
        }
    }

    /** The file where it could be written, else null. */
    String written() {
        return file == null ? null : file.toString();
    }

    /** Reads what was written, on any machine. */
    static Finding read(String where, Path file, Configuration conf) {
        String folder = UserPath.shown(file.getParent());
        try (InputStream in = file.getFileSystem(conf).open(file)) {
            byte[] read = in.readNBytes(BYTES + 1);
            return Arrays.equals(read, content()) ? Finding.ok(where, WHAT, folder + " is read as it was written")
                    : Finding.failed(where, WHAT, read.length + " other bytes came of " + folder,
                            "nothing that is stored there can be trusted: look for a proxy or a disk that changes it");
        } catch (IOException | RuntimeException e) {
            return Finding.failed(where, WHAT, "cannot read from " + folder, reason(file, conf, e));
        }
    }

    /** Deletes the file, and returns what was found on the driver. */
    List<Finding> findings() {
        if (file != null) {
            try {
                file.getFileSystem(conf).delete(file, false);
            } catch (IOException | RuntimeException e) {
                findings.add(Finding.advice(Doctor.DRIVER, WHAT, "cannot delete " + file, reason(file, conf, e)));
            }
        }
        return findings;
    }

    private static String reason(Path file, Configuration conf, Exception e) {
        return String.valueOf(S3.reason(file, conf, e)).lines().findFirst().orElse("");
    }

    private static byte[] content() {
        byte[] content = new byte[BYTES];
        new Random(16).nextBytes(content);
        return content;
    }
}
