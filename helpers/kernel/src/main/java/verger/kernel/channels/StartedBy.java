package verger.kernel.channels;

/** Who started this kernel: Jupyter's server and its gateways say so in the environment of kernels. */
public final class StartedBy {

    private StartedBy() {
    }

    /** A gateway, so that a browser may not reach this machine. */
    public static boolean gateway() {
        return System.getenv("KERNEL_ID") != null || System.getenv("KERNEL_GATEWAY") != null;
    }

    /** A gateway or a Jupyter server, whose reader is a browser; papermill reads from the kernel itself. */
    public static boolean server() {
        return System.getenv("JPY_SESSION_NAME") != null || gateway();
    }
}
