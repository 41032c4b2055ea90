package verger;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Has OpenBLAS use the widest instructions of an x86 processor, also of one that is newer than OpenBLAS.
 *
 * <p>OpenBLAS has kernels for each family of processors, knows them by their model number and takes those of 2004 for
 * numbers that it does not know: 0.3.19, ND4J's, multiplied at 16 instead of 72 GFLOP/s on an Intel model 207 of 2023.
 * Its environment variable {@code OPENBLAS_CORETYPE}, read when the library loads, says it better; one that the user
 * set stays. Java cannot set its own process's environment, the C library can.
 */
public final class OpenBlasKernels {

    static final String VARIABLE = "OPENBLAS_CORETYPE";

    private static final Set<String> AVX512 = Set.of("avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd");
    private static final Set<String> AVX2 = Set.of("avx2", "fma");

    private static boolean done;

    private OpenBlasKernels() {
    }

    /** To be called before OpenBLAS or ND4J loads; does nothing but on Linux on x86, or where JNA does not load. */
    public static synchronized void choose() {
        if (done) {
            return;
        }
        done = true;
        String core = coreFor(processorFlags());
        if (core != null) {
            try {
                Function setenv = NativeLibrary.getProcess().getFunction("setenv");
                setenv.invokeInt(new Object[] {VARIABLE, core, 0});
            } catch (LinkageError e) {
                // OpenBLAS chooses by itself, as it would without us.
            }
        }
    }

    /** OpenBLAS' name for the newest kernels that a processor with these flags can run; null if it has no wide ones. */
    static String coreFor(Set<String> flags) {
        if (flags.containsAll(AVX512)) {
            return "SkylakeX";
        }
        return flags.containsAll(AVX2) ? "Haswell" : null;
    }

    private static Set<String> processorFlags() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("flags"))
                    .findFirst().map(line -> new HashSet<>(Arrays.asList(line.split("\\s+")))).orElseGet(HashSet::new);
        } catch (IOException e) {
            // There is no such file outside of Linux.
            return Set.of();
        }
    }
}
