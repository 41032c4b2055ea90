package verger.networks.weights;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import verger.Settings;
import verger.networks.Network;
import verger.networks.WeightsNotFoundException;
import verger.progress.Work;

/**
 * Finds the weights of a network in one place after the other: the file that the user names, or a published one in a folder of
 * this machine, in the user's mirror or at its publisher. A published file counts only with its published checksum.
 *
 * @param cacheDir a local directory for copies of files of other file systems, created when needed
 * @param network  name of the network, for errors
 * @param wayOut   what the user can do where nothing is found
 * @param files    what is looked for where the user names no file, the first one first
 * @param folders  where such files may be, too, beside their publishers' caches
 * @param mirror   folder of such files, an {@code http(s)} URL, a path or a URI of a file system that Hadoop knows; or null
 * @param patience how long hosts that do not answer may take, all of them together
 */
public record WeightsSearch(Path cacheDir, String network, String wayOut, List<PublishedFile> files, List<Path> folders,
        String mirror, Duration patience) {

    /** Without a network the search ends within 10 s, the other places and their checks included. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final Logger LOG = LoggerFactory.getLogger(WeightsSearch.class);

    /** The search of a network's published files in all places that the settings name. */
    public static WeightsSearch of(Network network, String wayOut, List<PublishedFile> files) {
        return new WeightsSearch(Settings.cache().resolve("weights"), network.name(), wayOut, files, Settings.weightsFolders(),
                Settings.weightsUrl(), PATIENCE);
    }

    /** The local files that are looked at. */
    public List<Path> places() {
        return files.stream().flatMap(file -> directories(file).map(directory -> directory.resolve(file.name()))).toList();
    }

    private Stream<Path> directories(PublishedFile file) {
        return Stream.concat(Stream.of(file.directory()), folders.stream()).distinct();
    }

    /**
     * Finds the weights.
     *
     * @param weights a local path, or a URI of any file system that Hadoop knows; null or blank to look in the usual places
     * @param hadoop  the settings of those file systems
     * @throws WeightsNotFoundException if {@code weights} is given and cannot be read, or nothing is found; the message has
     *                                  each place, and why it did not do
     * @throws IOException              if a local copy cannot be written
     */
    public Weights find(String weights, Configuration hadoop) throws IOException {
        if (weights != null && !weights.isBlank()) {
            return new GivenWeights(cacheDir, network, wayOut).find(weights.strip(), hadoop);
        }
        return new Search(hadoop).find();
    }

    /** One search, and where it has looked. */
    private final class Search {

        private final Configuration hadoop;
        private final List<String> looked = new ArrayList<>(List.of("weights= (not set)"));
        /** Hosts that have not answered: none is asked twice. */
        private final Set<String> silent = new HashSet<>();
        private boolean taken;
        private IOException failure;

        Search(Configuration hadoop) {
            this.hadoop = hadoop;
        }

        Weights find() throws IOException {
            Weights found = inFolders();
            if (found == null && mirror != null) {
                found = inMirror();
            }
            for (PublishedFile file : files) {
                if (found == null) {
                    found = fetched(file, file.url());
                }
            }
            if (found == null) {
                throw new WeightsNotFoundException(network + " weights not found: looked in " + String.join(", ", looked) + "; "
                        + wayOut + (taken ? " or delete that file to download it again"
                                : failure != null ? " or connect to download them" : "")
                        + ".", failure);
            }
            return found;
        }

        private Weights inFolders() throws IOException {
            Set<Path> directories = new LinkedHashSet<>();
            files.forEach(file -> directories(file).forEach(directories::add));
            for (Path directory : directories) {
                List<String> why = new ArrayList<>();
                for (PublishedFile file : files) {
                    if (directories(file).noneMatch(directory::equals)) {
                        continue;
                    }
                    PartFile.removeOfDead(directory);
                    Path place = directory.resolve(file.name());
                    String mismatch = Files.isRegularFile(place) ? file.mismatch(place) : "";
                    if (mismatch == null) {
                        return new Weights(place, Checksums.sha256(place), place.toString());
                    }
                    why.add(mismatch.isEmpty() ? "no " + file.name()
                            : file.name() + " " + mismatch + ": cut short, or another file");
                }
                looked.add(directory + " (" + String.join(", ", why) + ")");
            }
            return null;
        }

        private Weights inMirror() throws IOException {
            for (PublishedFile file : files) {
                String place = mirror.replaceFirst("/+$", "") + "/" + file.name();
                Weights found = place.matches("https?://.*") ? fetched(file, URI.create(place)) : copied(file, place);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        /** From a file system of Hadoop's, where {@code null} is: not there, or another file. */
        private Weights copied(PublishedFile file, String place) throws IOException {
            if (silent.contains(mirror)) {
                return null;
            }
            try {
                Weights found = new GivenWeights(cacheDir, network, wayOut).find(place, hadoop);
                String mismatch = file.mismatch(found.file());
                return mismatch == null ? found : missed(place, "it " + mismatch);
            } catch (GivenWeights.Missing e) {
                if (!e.isOfThisFile()) {
                    silent.add(mirror);
                }
                return missed(place, e.why());
            }
        }

        /** By HTTP, into the publisher's cache. */
        private Weights fetched(PublishedFile file, URI url) throws IOException {
            if (Files.exists(file.file())) {
                taken = true; // neither deleted nor overwritten: it may be the user's own
                return missed(url, "not tried, its place is taken");
            }
            if (!canWrite(file.directory())) {
                return missed(url, "not tried, that directory cannot be written");
            }
            if (silent.contains(url.getAuthority())) {
                return missed(url, "not tried, its host did not answer");
            }
            Level level = failure == null ? Level.WARN : Level.INFO; // one line in a notebook, not one for each publisher
            LOG.atLevel(level).log("Trying to download {}'s weights, about {} MB, from {} to {}", network,
                    Math.round(file.bytes() / 1e6), url, file.directory());
            try (PartFile part = PartFile.in(file.directory())) {
                Work.step("fetching " + network + "'s weights", () -> {
                    Download.to(url, part.path(), patience.dividedBy(hosts()), patience);
                    return null;
                });
                String mismatch = file.mismatch(part.path());
                if (mismatch != null) {
                    throw new IOException("what came " + mismatch);
                }
                Path complete = part.complete(file.name());
                return new Weights(complete, Checksums.sha256(complete), url.toString());
            } catch (Download.NoAnswerException e) {
                silent.add(url.getAuthority());
                failure = e;
                return missed(url, e.getMessage());
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                failure = e;
                return missed(url, e.getMessage());
            }
        }

        private Weights missed(Object place, String why) {
            looked.add(place + " (" + why + ")");
            LOG.info("{}'s weights are not taken from {}: {}", network, place, why);
            return null;
        }
    }

    private long hosts() {
        Stream<String> own = mirror == null ? Stream.empty() : Stream.of(mirror);
        return Stream.concat(files.stream().map(file -> file.url().getAuthority()), own).distinct().count();
    }

    private static boolean canWrite(Path directory) {
        try {
            return Files.isWritable(Files.createDirectories(directory));
        } catch (IOException e) {
            return false;
        }
    }
}
