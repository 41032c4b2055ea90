package verger.networks.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that nobody but this user, and root, can have put files into: what lies there may be used again without looking
 * into it. Where others can write, it is another folder, of this process alone, in which everything is made anew.
 */
final class TrustedFolder {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedFolder.class);

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final int STICKY = 01000;

    /** By the folder that was asked for. */
    private static final Map<Path, Path> INSTEAD = new ConcurrentHashMap<>();

    private TrustedFolder() {
    }

    /** The folder itself, made if need be, or one in its place. */
    static Path of(Path folder) throws IOException {
        create(folder);
        if (!isPosix(folder)) {
            return folder;
        }
        closeToOthers(folder);
        String fault = fault(folder.toRealPath());
        return fault == null ? folder : instead(folder, fault);
    }

    /** Makes a folder and those above it, each closed to others whatever the umask is. */
    private static void create(Path folder) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path each = folder.toAbsolutePath(); each != null && !Files.exists(each); each = each.getParent()) {
            missing.add(each);
        }
        Files.createDirectories(folder);
        for (Path each : missing) {
            closeToOthers(each);
        }
    }

    /** Whether a file in such a folder is this user's own, or root's, and nobody else's to change. */
    static boolean isTrusted(Path file) throws IOException {
        if (!isPosix(file)) {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        }
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isRegularFile() && isOurs(attributes.owner()) && !othersWrite(attributes);
    }

    /** Takes from others the right to write, which a file or folder may have been made with. */
    static void closeToOthers(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null && isOurs(view.readAttributes().owner())) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(view.readAttributes().permissions());
            if (permissions.removeAll(OTHERS_WRITE)) {
                view.setPermissions(permissions);
            }
        }
    }

    /** Why others could put files there; null where they cannot. */
    private static String fault(Path folder) throws IOException {
        PosixFileAttributes own = Files.readAttributes(folder, PosixFileAttributes.class);
        if (!isOurs(own.owner())) {
            return folder + " belongs to " + own.owner().getName();
        }
        if (othersWrite(own)) {
            return "others can write to " + folder;
        }
        for (Path above = folder.getParent(); above != null; above = above.getParent()) {
            if (othersWrite(Files.readAttributes(above, PosixFileAttributes.class)) && !isSticky(above)) {
                return "others can write to " + above;
            }
        }
        return null;
    }

    private static Path instead(Path folder, String fault) throws IOException {
        Path known = INSTEAD.get(folder);
        if (known != null && Files.isDirectory(known)) {
            return known;
        }
        Path made = ProcessFiles.newFolder("verger-models-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(made.toFile())));
        INSTEAD.put(folder, made);
        LOG.warn(
                "Files in {} could be others', since {}: they are made anew in {}; set VERGER_CACHE to a folder that you alone "
                        + "can write to",
                folder, fault, made);
        return made;
    }

    private static boolean othersWrite(PosixFileAttributes attributes) {
        return attributes.permissions().stream().anyMatch(OTHERS_WRITE::contains);
    }

    /** In a folder with this mark, as /tmp has it, nobody can take away or rename what another one has made. */
    private static boolean isSticky(Path folder) throws IOException {
        return ((int) Files.getAttribute(folder, "unix:mode") & STICKY) != 0;
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null
                && path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** Whether this user has made it. */
    static boolean isOwn(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Self.owner());
    }

    private static boolean isOurs(UserPrincipal owner) throws IOException {
        return owner.equals(Self.owner()) || owner.getName().equals("root");
    }

    /** Whom this process makes files as. */
    private static final class Self {

        private static UserPrincipal owner;

        static synchronized UserPrincipal owner() throws IOException {
            if (owner == null) {
                Path file = Files.createTempFile("verger", null);
                try {
                    owner = Files.getOwner(file);
                } finally {
                    Files.delete(file);
                }
            }
            return owner;
        }
    }
}
