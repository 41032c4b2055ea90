package verger.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SortedMap;
import verger.files.LocalPath;
import verger.progress.Work;

/**
 * Lists and reads files of this machine's disks by Java itself. Hadoop would start a process for each file's owner, leave out
 * without a word what it cannot ask for, and look for a checksum beside each file that it reads.
 *
 * <p>Each folder is listed once. Links to folders are followed when all else is listed, so that a file is found below its own
 * folder, and a link that leads to what is listed already, such as one upwards, is said and not followed. What is no regular
 * file is never opened.
 */
final class LocalFiles {

    private static final String NO_FILE = "unreadable: a named pipe, a socket or a device, which holds no file";

    static final String MAY_NOT_LIST = "not permitted: this user may not list the folder";

    /** So many files are a step that a person sees. */
    private static final int SAID = 100;

    private final List<ListedFile> files = new ArrayList<>();
    private final SortedMap<String, Long> hidden = Listing.nothingHidden();
    private final List<Listing.Repeated> repeated = new ArrayList<>();
    /** By the key of the file system: device and inode. */
    private final Map<Object, Path> entered = new HashMap<>();
    private final Queue<Path> folders = new ArrayDeque<>();
    /** By their names, so that the same one of two is followed each time. */
    private final Queue<Path> links = new PriorityQueue<>();

    private LocalFiles() {
    }

    /**
     * Lists what a path, a URI or a pattern means.
     *
     * @throws IOException if there is nothing of that name, or it is a folder that cannot be listed
     */
    static Listing list(String uri) throws IOException {
        LocalMatches matches = matches(uri);
        LocalFiles all = new LocalFiles();
        matches.hidden().forEach(all::hide);
        for (Path match : matches.paths()) {
            all.visit(match);
        }
        all.listFolders();
        for (Path link = all.links.poll(); link != null; link = all.links.poll()) {
            all.follow(link);
            all.listFolders();
        }
        return all.listing(matches);
    }

    /**
     * Returns what a path, a URI or a pattern means, without a look into folders.
     *
     * @throws IOException if there is nothing of that name, or it is a folder that cannot be listed
     */
    static LocalMatches matches(String uri) throws IOException {
        LocalMatches matches = LocalMatches.of(uri);
        if (matches.isOne() && Files.isDirectory(matches.place())) {
            requireListed(matches.place());
        }
        return matches;
    }

    /** Where nothing at all can be listed, that is no reason of one row. */
    private static void requireListed(Path folder) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            var unused = stream.iterator().hasNext();
        } catch (AccessDeniedException e) {
            throw new IOException("this user may not list the folder", e);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private Listing listing(LocalMatches matches) {
        files.sort(Comparator.comparing(ListedFile::origin));
        return new Listing(LocalPath.origin(matches.place()), files, hidden, repeated);
    }

    private void listFolders() {
        for (Path folder = folders.poll(); folder != null; folder = folders.poll()) {
            List<Path> children;
            try {
                children = children(folder);
            } catch (NoSuchFileException e) {
                continue; // deleted since its own folder was listed
            } catch (AccessDeniedException e) {
                add(unread(folder, MAY_NOT_LIST));
                continue;
            } catch (IOException e) {
                add(unread(folder, "unreadable: the folder cannot be listed (" + words(e) + ")"));
                continue;
            }
            for (Path child : children) {
                if (isHidden(child)) {
                    hide(child);
                } else {
                    visit(child);
                }
            }
        }
    }

    /** Without a path of the name alone, of which ninety thousand would be made. */
    private static boolean isHidden(Path child) {
        String path = child.toString();
        char first = path.charAt(path.lastIndexOf('/') + 1);
        return Listing.isHidden(first);
    }

    private void follow(Path link) {
        try {
            enter(link, Files.readAttributes(link, BasicFileAttributes.class));
        } catch (IOException e) {
            add(unread(link, "unreadable: a link that cannot be followed (" + words(e) + ")"));
        }
    }

    private void hide(Path path) {
        Listing.hide(hidden, LocalPath.origin(path.getParent()));
    }

    /** What is in a folder, or behind a link to one, in no order. */
    static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }

    private void visit(Path path) {
        BasicFileAttributes own;
        try {
            own = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return; // deleted since its folder was listed
        } catch (AccessDeniedException e) {
            add(unread(path, "not permitted: this user may not look into the folder"));
            return;
        } catch (IOException e) {
            add(unread(path, "unreadable: " + words(e)));
            return;
        }
        if (!own.isSymbolicLink()) {
            visit(path, own);
            return;
        }
        try {
            BasicFileAttributes target = Files.readAttributes(path, BasicFileAttributes.class);
            if (target.isDirectory()) {
                links.add(path);
            } else {
                visit(path, target);
            }
        } catch (NoSuchFileException e) {
            add(unread(path, "unreadable: a link to what is not there"));
        } catch (IOException e) {
            add(unread(path, "unreadable: a link that cannot be followed (" + words(e) + ")"));
        }
    }

    private void visit(Path path, BasicFileAttributes attributes) {
        if (attributes.isDirectory()) {
            enter(path, attributes);
        } else if (attributes.isRegularFile()) {
            add(ListedFile.local(LocalPath.origin(path), attributes));
        } else {
            add(unread(path, NO_FILE));
        }
    }

    private void enter(Path folder, BasicFileAttributes attributes) {
        Path before = attributes.fileKey() == null ? null : entered.putIfAbsent(attributes.fileKey(), folder);
        if (before == null) {
            folders.add(folder);
        } else if (!before.equals(folder)) {
            repeated.add(new Listing.Repeated(LocalPath.origin(folder), LocalPath.origin(before)));
        }
    }

    private void add(ListedFile file) {
        files.add(file);
        if (files.size() % SAID == 0) {
            Work.at(files.size(), 0, "files");
        }
    }

    private static ListedFile unread(Path path, String why) {
        return ListedFile.unread(LocalPath.origin(path), modified(path), why);
    }

    private static long modified(Path path) {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis();
        } catch (IOException e) {
            return 0; // it cannot be asked for that either
        }
    }

    /** What the system says, without the path, which stands beside it. */
    static String words(IOException e) {
        String reason = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /**
     * Reads a file.
     *
     * @param length as it was listed
     * @return an {@link UnreadFile} if it is too large, no image, or no file
     */
    static byte[] read(Path file, long length) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new NoSuchFileException(file.toString()); // a folder has taken its name since it was listed
        }
        if (!attributes.isRegularFile()) {
            return UnreadFile.because(NO_FILE); // opening a pipe would wait for ever
        }
        if (length > FileContent.MAX_BYTES) {
            return FileContent.tooLarge(length);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return FileContent.of(in, length);
        }
    }
}
