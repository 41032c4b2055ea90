package verger.kernel.channels;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.MessageContext;

/** The kernel's sockets, of which none drops a message that its reader has not taken yet. */
public final class KernelConnection extends JupyterConnection {

    private final CellOutput output;

    /** Binds nothing yet. */
    public KernelConnection(KernelConnectionProperties properties, CellOutput output)
            throws NoSuchAlgorithmException, InvalidKeyException {
        super(properties);
        this.output = output;
        getIOPub().setHWM(0); // by default all above a thousand messages is dropped, without a word
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel shell, MessageContext context) {
        return new CellReply(shell, stdin, iopub, context, output);
    }
}
