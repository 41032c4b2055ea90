package verger.kernel.channels;

import java.util.concurrent.atomic.AtomicInteger;
import org.dflib.jjava.jupyter.channels.JupyterSocket;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteResult;
import org.dflib.jjava.jupyter.messages.publish.PublishStream;

/** Sends what was printed before whatever else a cell shows. */
final class CellReply extends ShellReplyEnvironment {

    private final CellOutput output;
    private final AtomicInteger outputs = new AtomicInteger();

    CellReply(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context, CellOutput output) {
        super(shell, stdin, iopub, context);
        this.output = output;
    }

    @Override
    public void publish(Message<?> message) {
        if (!(message.getContent() instanceof PublishStream)) {
            output.send();
        }
        if (isOutput(message.getContent())) {
            outputs.incrementAndGet();
        }
        super.publish(message);
    }

    private static boolean isOutput(Object content) {
        return content instanceof PublishStream || content instanceof PublishDisplayData
                || content instanceof PublishExecuteResult
                || content instanceof PublishError;
    }

    /** How many outputs the cell has. */
    int outputs() {
        return outputs.get();
    }
}
