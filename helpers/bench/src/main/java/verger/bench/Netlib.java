package verger.bench;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import dev.ludovic.netlib.lapack.JavaLAPACK;
import dev.ludovic.netlib.lapack.LAPACK;
import dev.ludovic.netlib.lapack.NativeLAPACK;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/**
 * Switches Spark between the JVM's own BLAS and LAPACK and native ones within one JVM.
 *
 * <p>Spark and Breeze choose once, at the first use: the native library if one can be loaded. Spark's {@code BLAS}
 * keeps its choice in a variable. Breeze asks {@code LAPACK.getInstance()} at each decomposition, which returns a
 * constant of netlib's loader. Both are set here. The compiler would build the constant into code that has run
 * hundreds of times, and a benchmark decomposes a few dozen matrices; {@link StackSampler} shows which library did run.
 */
final class Netlib {

    /** Where Spark's linear algebra runs. */
    enum Library {
        /** As Spark comes: netlib's translation of BLAS and LAPACK into Java. */
        JAVA,
        /** The OpenBLAS that Verger brings along, through netlib's JNI. */
        NATIVE
    }

    private static final String[] SPARKS_OWN =
            {"org.apache.spark.ml.linalg.BLAS$", "org.apache.spark.mllib.linalg.BLAS$"};

    private Netlib() {
    }

    /**
     * Points netlib at OpenBLAS, before anything else uses netlib.
     *
     * @throws UsageException if this platform has no native library for netlib
     */
    static void prepare() {
        String library = openBlasFile().toString();
        System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", library);
        System.setProperty("dev.ludovic.netlib.lapack.nativeLibPath", library);
        try {
            NativeBLAS.getInstance();
            NativeLAPACK.getInstance();
        } catch (RuntimeException e) {
            throw new UsageException("Spark cannot use a native BLAS here, so there is nothing to compare with: netlib "
                    + "has it for Linux on x86_64 and aarch64.");
        }
    }

    private static Path openBlasFile() {
        Path folder = Path.of(Loader.load(openblas.class)).getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("libopenblas\\.so\\.\\d+")).findFirst()
                    .orElseThrow(() -> new UsageException("There is no libopenblas.so in " + folder
                            + ", where OpenBLAS was unpacked: this benchmark wants Linux."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Switches Spark over; OpenBLAS gets one thread, as Spark runs one task a core. */
    static void use(Library library) {
        boolean java = library == Library.JAVA;
        BLAS blas = java ? JavaBLAS.getInstance() : NativeBLAS.getInstance();
        try {
            for (String spark : SPARKS_OWN) {
                Field field = Class.forName(spark).getDeclaredField("_nativeBLAS");
                field.setAccessible(true);
                field.set(module(spark), blas);
            }
            setLapack(java ? JavaLAPACK.getInstance() : NativeLAPACK.getInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of Spark or netlib keeps its BLAS or LAPACK elsewhere.", e);
        }
        openblas.blas_set_num_threads(1);
    }

    private static void setLapack(LAPACK lapack) throws ReflectiveOperationException {
        Field constant = Class.forName("dev.ludovic.netlib.lapack.InstanceBuilder").getDeclaredField("lapack");
        // Reflection refuses to set a constant. By name, since javac warns of this class and cannot be told not to.
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field theUnsafe = type.getDeclaredField("theUnsafe");
        theUnsafe.setAccessible(true);
        Object unsafe = theUnsafe.get(null);
        Object base = type.getMethod("staticFieldBase", Field.class).invoke(unsafe, constant);
        Object offset = type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, constant);
        type.getMethod("putObject", Object.class, long.class, Object.class).invoke(unsafe, base, offset, lapack);
    }

    /** The classes that Spark's BLAS and Breeze's LAPACK are now, asked for as they are. */
    static String current() {
        try {
            BLAS blas = (BLAS) Class.forName(SPARKS_OWN[1]).getMethod("nativeBLAS").invoke(module(SPARKS_OWN[1]));
            return blas.getClass().getSimpleName() + ", " + LAPACK.getInstance().getClass().getSimpleName();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of Spark keeps its BLAS elsewhere.", e);
        }
    }

    private static Object module(String scalaObject) throws ReflectiveOperationException {
        return Class.forName(scalaObject).getField("MODULE$").get(null);
    }
}
