package verger.kernel.channels;

import java.nio.charset.StandardCharsets;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.JupyterIO;

/** JJava's own, which its kernels in other packages could not attach to a cell. */
public final class KernelIo extends JupyterIO {

    /** Attached to no cell. */
    public KernelIo() {
        super(StandardCharsets.UTF_8);
    }

    /**
     * Displays and input are this cell's. What a thread displays after its cell goes below that until the next one begins, as what it
     * prints does; it asks nobody any more.
     */
    public void begin(ShellReplyEnvironment cell, boolean canAsk) {
        setEnv(cell);
        setJupyterInEnabled(canAsk);
        cell.defer(() -> setJupyterInEnabled(false));
    }
}
