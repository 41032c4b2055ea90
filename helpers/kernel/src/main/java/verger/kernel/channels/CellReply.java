package verger.kernel.channels;

import java.util.concurrent.CancellationException;
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
import org.dflib.jjava.jupyter.messages.reply.InputReply;
import org.dflib.jjava.jupyter.messages.request.InputRequest;
import org.dflib.jjava.shaded.org.zeromq.ZMQ;

/** Sends what was printed before whatever else a cell shows. */
final class CellReply extends ShellReplyEnvironment {

    private static final long PAUSE_MILLIS = 50;

    private final StdinChannel stdin;
    private final CellOutput output;
    private final AtomicInteger outputs = new AtomicInteger();

    CellReply(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context, CellOutput output) {
        super(shell, stdin, iopub, context);
        this.stdin = stdin;
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

    /** Asks the user, and waits for the answer until the cell is interrupted. */
    @Override
    public String readFromStdIn(String prompt, boolean password) {
        output.send();
        synchronized (stdin) {
            while (isAnswered()) {
                stdin.readMessage(); // what an interrupted cell has asked for
            }
            stdin.sendMessage(new Message<>(getContext(), InputRequest.MESSAGE_TYPE, new InputRequest(prompt, password)));
            while (!isAnswered()) {
                output.pause(PAUSE_MILLIS);
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The thread was interrupted, and asks nobody");
                }
            }
            return stdin.readMessage(InputReply.MESSAGE_TYPE).getContent().getValue() + System.lineSeparator();
        }
    }

    private boolean isAnswered() {
        return (stdin.getEvents() & ZMQ.Poller.POLLIN) != 0;
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
