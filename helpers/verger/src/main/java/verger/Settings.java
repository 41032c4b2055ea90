package verger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every environment variable that the helper JAR reads; a system property of the name in lower case with dots wins. */
public final class Settings {

    private Settings() {
    }

    /** {@code VERGER_HOME}: the checkout or bundle that notebooks, sample and embedded weights are part of; null if unset. */
    public static Path home() {
        String home = setting("VERGER_HOME");
        return home == null ? null : Path.of(home);
    }

    /**
     * {@code VERGER_LIB}: the folder with {@code driver/*.jar} and {@code executor/*.jar}, set by the kernel's launcher; null
     * if unset.
     */
    public static Path lib() {
        String lib = setting("VERGER_LIB");
        return lib == null ? null : Path.of(lib);
    }

    /** {@code VERGER_CACHE}: where converted and fetched weights are kept; by default {@code ~/.cache/verger}. */
    public static Path cache() {
        String cache = setting("VERGER_CACHE");
        return cache == null ? Path.of(System.getProperty("user.home"), ".cache", "verger") : Path.of(cache);
    }

    /** {@code VERGER_WEIGHTS}: a folder of weights files, looked in first; then the set-up's own and the cache's. */
    public static List<Path> weightsFolders() {
        List<Path> folders = new ArrayList<>();
        if (setting("VERGER_WEIGHTS") != null) {
            folders.add(Path.of(setting("VERGER_WEIGHTS")));
        }
        if (home() != null) {
            folders.add(home().resolve(".verger").resolve("weights"));
        }
        folders.add(cache().resolve("weights"));
        return folders;
    }

    /**
     * {@code VERGER_WEIGHTS_URL}: a folder of published files of weights under their own names, looked in before their
     * publishers: an http(s) URL, or what Hadoop knows, such as {@code s3://…}; null if unset.
     */
    public static String weightsUrl() {
        return setting("VERGER_WEIGHTS_URL");
    }

    /** {@code KERAS_HOME}, as Keras has it: its {@code models} are where Keras keeps weights; by default {@code ~/.keras}. */
    public static Path kerasModels() {
        String home = setting("KERAS_HOME");
        return (home == null ? Path.of(System.getProperty("user.home"), ".keras") : Path.of(home)).resolve("models");
    }

    /**
     * {@code TORCH_HOME}, as PyTorch has it: its {@code hub/checkpoints} are where PyTorch keeps weights; by default
     * {@code torch} in {@code XDG_CACHE_HOME} or {@code ~/.cache}.
     */
    public static Path torchCheckpoints() {
        String home = setting("TORCH_HOME");
        String xdg = setting("XDG_CACHE_HOME");
        Path cache = xdg == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return (home == null ? cache.resolve("torch") : Path.of(home)).resolve("hub").resolve("checkpoints");
    }

    /** {@code VERGER_BLAS=java}: the PCA's linear algebra in Java although the native one would load. */
    public static boolean javaBlas() {
        String blas = setting("VERGER_BLAS");
        if (blas != null && !blas.equals("java") && !blas.equals("native")) {
            throw new IllegalArgumentException("VERGER_BLAS is java or native: got " + blas + ".");
        }
        return "java".equals(blas);
    }

    /** {@code VERGER_PROGRESS}: {@code off} for no line under a cell that says how far it is; {@code on} by default. */
    public static boolean progress() {
        String progress = setting("VERGER_PROGRESS");
        if (progress != null && !progress.equals("on") && !progress.equals("off")) {
            throw new IllegalArgumentException("VERGER_PROGRESS is on or off: got " + progress + ".");
        }
        return !"off".equals(progress);
    }

    /**
     * {@code VERGER_LEASE_SECONDS}: so long an output stays with a run of another machine that says nothing, before another run
     * takes it over; 60 by default, 2 at least.
     */
    public static int leaseSeconds() {
        String seconds = setting("VERGER_LEASE_SECONDS");
        if (seconds != null && !seconds.matches("[2-9]|[1-9]\\d{1,4}")) {
            throw new IllegalArgumentException("VERGER_LEASE_SECONDS is a number of 2 to 99999: got " + seconds + ".");
        }
        return seconds == null ? 60 : Integer.parseInt(seconds);
    }

    private static String setting(String variable) {
        String property = System.getProperty(variable.toLowerCase(java.util.Locale.ROOT).replace('_', '.'));
        String value = property != null ? property : System.getenv(variable);
        return value == null || value.isBlank() ? null : value;
    }
}
