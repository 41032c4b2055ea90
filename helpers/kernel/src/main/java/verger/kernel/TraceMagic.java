package verger.kernel;

import java.util.List;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.magic.LineMagic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.kernel.errors.ErrorReport;

/** {@code %trace} prints all of the last error, of which its cell showed a few lines. */
final class TraceMagic implements LineMagic<Object, BaseKernel> {

    private static final Logger LOG = LoggerFactory.getLogger("kernel");

    private final boolean logged;
    private volatile String last = "";

    /** @param logged whether the kernel's log is a file of a server's: where it is the user's terminal, traces would flood that */
    TraceMagic(boolean logged) {
        this.logged = logged;
    }

    void keep(ErrorReport report) {
        last = report.trace().isEmpty() ? String.join("\n", report.lines()) : report.trace();
        if (logged && !report.trace().isEmpty()) {
            LOG.warn("A cell failed: {}", report.trace());
        }
    }

    @Override
    public Object eval(BaseKernel kernel, List<String> arguments) {
        System.out.println(last.isEmpty() ? "No cell of this kernel has failed." : last.stripTrailing());
        return null;
    }
}
