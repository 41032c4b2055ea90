package verger.kernel.channels;

/**
 * How many bytes may go out at once. A Jupyter server cuts what exceeds 1 MB a second over three seconds
 * ({@code iopub_data_rate_limit}, {@code rate_limit_window}), and says so in a place of its own; whoever waits loses nothing.
 */
final class OutputRate {

    /** Between a Jupyter server and its browsers. */
    private static final double SERVERS = 800_000;
    private static final double SERVERS_BURST = 1_800_000;
    /** Of a reader that takes all, as papermill does: what it has not taken yet is in this JVM's memory. */
    private static final double READERS = 20_000_000;

    private final double perSecond;
    private final double most;
    private double free;
    private long since = System.nanoTime();

    OutputRate(double perSecond, double most) {
        this.perSecond = perSecond;
        this.most = most;
        free = most;
    }

    /** @param server whether one stands between the kernel and its reader */
    static OutputRate of(boolean server) {
        return server ? new OutputRate(SERVERS, SERVERS_BURST) : new OutputRate(READERS, READERS);
    }

    /** Takes bytes, and returns the milliseconds to wait before more may be taken. */
    long take(long bytes) {
        long now = System.nanoTime();
        free = Math.min(most, free + (now - since) / 1e9 * perSecond) - bytes;
        since = now;
        return free >= 0 ? 0 : (long) Math.ceil(-free / perSecond * 1000);
    }
}
