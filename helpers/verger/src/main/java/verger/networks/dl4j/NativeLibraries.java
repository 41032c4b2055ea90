package verger.networks.dl4j;

import java.io.IOException;
import java.util.List;
import org.bytedeco.hdf5.global.hdf5;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.weights.ChildJvm;

/** Tries the native libraries that read weights, in a JVM of its own, as the reading itself does. */
public final class NativeLibraries {

    private static final long MIB = 1 << 20;
    private static final ChildJvm.Bounds BOUNDS = new ChildJvm.Bounds(256 * MIB, 1024 * MIB, 60);

    private NativeLibraries() {
    }

    /**
     * The version of HDF5 in words.
     *
     * @throws IOException if they do not load here, with a few words on why
     */
    public static String tried() throws IOException {
        ChildJvm.Ended ended = ChildJvm.run(Main.class, BOUNDS, List.of());
        if (ended.code() != 0) {
            throw new IOException("a JVM that loads them " + ended.why() + ": " + ended.lastWords());
        }
        return ended.lastWords();
    }

    /** What the other JVM runs. */
    static final class Main {

        private Main() {
        }

        public static void main(String[] none) {
            ChildJvm.endWithParent();
            int[] major = new int[1];
            int[] minor = new int[1];
            int[] release = new int[1];
            hdf5.H5get_libversion(major, minor, release);
            double sum = Nd4j.ones(3, 3).sumNumber().doubleValue();
            System.out.println(sum == 9 ? "HDF5 " + major[0] + "." + minor[0] + "." + release[0]
                    : "nine ones are " + sum);
            Runtime.getRuntime().halt(sum == 9 ? 0 : 1);
        }
    }
}
