package verger.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the command line asks of a run. */
final class Options {

    static final String USAGE = """
            helpers/bench/run pca [options]      times the PCA against Spark's own
            helpers/bench/run memory [options]   peak memory of a fit on driver and executor; takes --rows, --features,
                                                 --partitions, --seed and --heap, which is the heap of each

              --rows N[,N…]     rows of the data, above --features; may be given again (default 20000)
              --features D      features of a row (default 2048)
              --k K[,K…]        components of a fit (default 12 and D)
              --partitions P    partitions of the data (default 2 for each core)
              --rounds R        how often each contestant runs (default 2)
              --seed S          of the data (default 1)
              --without-java    leaves out Spark's PCA as it comes, which takes minutes
              --transform       measures the projection of rows too
              --json FILE       writes the measurements
              --write FOLDER    writes data and results as .npy, for compare_sklearn.py
              --heap SIZE       heap of the JVM (default 8g)
            """;

    private final List<Integer> rows = new ArrayList<>();
    private final List<Integer> components = new ArrayList<>();
    private int features = 2048;
    private int partitions = 2 * Runtime.getRuntime().availableProcessors();
    private int rounds = 2;
    private long seed = 1;
    private boolean java = true;
    private boolean transform;
    private Path json;
    private Path write;

    /**
     * Reads the arguments after the benchmark's name.
     *
     * @throws UsageException if one is wrong, or they do not go together
     */
    static Options parse(List<String> arguments) {
        Options options = new Options();
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (name.equals("--without-java")) {
                options.java = false;
            } else if (name.equals("--transform")) {
                options.transform = true;
            } else {
                Consumer<String> setting = options.setting(name);
                if (++i == arguments.size()) {
                    throw new UsageException(name + " wants a value.");
                }
                setting.accept(arguments.get(i));
            }
        }
        options.complete();
        return options;
    }

    private Consumer<String> setting(String name) {
        return switch (name) {
            case "--rows" -> value -> rows.addAll(counts(name, value));
            case "--k" -> value -> components.addAll(counts(name, value));
            case "--features" -> value -> features = count(name, value);
            case "--partitions" -> value -> partitions = count(name, value);
            case "--rounds" -> value -> rounds = count(name, value);
            case "--seed" -> value -> seed = number(name, value);
            case "--json" -> value -> json = Path.of(value);
            case "--write" -> value -> write = Path.of(value);
            default -> throw new UsageException("There is no option " + name + ": see helpers/bench/run --help.");
        };
    }

    private void complete() {
        if (rows.isEmpty()) {
            rows.add(20_000);
        }
        if (components.isEmpty()) {
            components.addAll(features > 12 ? List.of(12, features) : List.of(features));
        }
        for (int n : rows) {
            // Below that there are fewer components than features, and another algorithm is measured.
            if (n <= features) {
                throw new UsageException("--rows wants more rows than features (" + features + "): got " + n + ".");
            }
        }
        for (int k : components) {
            if (k > features) {
                throw new UsageException("--k wants at most one component a feature (" + features + "): got " + k
                        + ".");
            }
        }
        // Known now, and not after the hours that a run may take.
        if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
            throw new UsageException("--json wants a file in a folder that is there: got " + json + ".");
        }
        if (write != null && rows.size() > 1) {
            throw new UsageException("--write wants one number of rows: got " + rows + ".");
        }
    }

    private static List<Integer> counts(String name, String list) {
        return Arrays.stream(list.split(",", -1)).map(value -> count(name, value)).toList();
    }

    private static int count(String name, String value) {
        long count = number(name, value);
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw new UsageException(name + " wants a whole number from 1 on: got " + value + ".");
        }
        return (int) count;
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UsageException(name + " wants a whole number: got \"" + value + "\".");
        }
    }

    List<Integer> rows() {
        return rows;
    }

    List<Integer> components() {
        return components;
    }

    int features() {
        return features;
    }

    int partitions() {
        return partitions;
    }

    int rounds() {
        return rounds;
    }

    long seed() {
        return seed;
    }

    /** False if Spark's PCA as it comes, on the JVM's own BLAS and LAPACK, is left out. */
    boolean withJava() {
        return java;
    }

    boolean withTransform() {
        return transform;
    }

    Optional<Path> json() {
        return Optional.ofNullable(json);
    }

    Optional<Path> write() {
        return Optional.ofNullable(write);
    }
}
