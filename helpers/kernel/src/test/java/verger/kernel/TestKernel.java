package verger.kernel;

import verger.kernel.cells.Statement;
import verger.kernel.channels.CellOutput;

/** The kernel as a notebook finds it, but for its sockets; one for all tests of a JVM, as its magics know of one alone. */
final class TestKernel {

    private static VergerKernel kernel;

    private TestKernel() {
    }

    static synchronized VergerKernel get() {
        if (kernel == null) {
            // Surefire's own class path is a JAR that names others, which the compiler of cells does not follow.
            System.setProperty("java.class.path",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            kernel = KernelMain.started(new CellOutput(false, Statement::isInterrupted));
        }
        return kernel;
    }
}
