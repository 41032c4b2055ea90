package verger.kernel.channels;

import java.util.ArrayList;
import java.util.List;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.JupyterSocket;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.shaded.org.zeromq.ZMQ;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that wait behind a cell that failed. Those to run cells are answered as aborted, as the Python kernel does, for
 * whoever sent them at once meant each to follow the one before it; all others are served.
 */
public final class WaitingRequests {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRequests.class);

    private static final class Aborted {

        @SuppressWarnings("unused") // a message has it
        private final String status = "aborted";
    }

    private final JupyterConnection connection;
    private final ShellChannel shell;
    private final List<Message<?>> waiting = new ArrayList<>();

    private WaitingRequests(JupyterConnection connection, ShellChannel shell) {
        this.connection = connection;
        this.shell = shell;
    }

    /**
     * Takes what is in the queue now. By the thread of the shell channel, and before its client is told that the cell has failed:
     * what it sends after that is none of these.
     */
    public static WaitingRequests taken(JupyterConnection connection, ShellReplyEnvironment failed) {
        WaitingRequests requests = new WaitingRequests(connection, (ShellChannel) failed.getShell());
        while ((failed.getShell().getEvents() & ZMQ.Poller.POLLIN) != 0) {
            requests.take(failed.getShell());
        }
        return requests;
    }

    private void take(JupyterSocket from) {
        try {
            waiting.add(from.readMessage());
        } catch (RuntimeException e) {
            LOG.warn("A message that is no message of Jupyter's is dropped: {}", e.toString());
        }
    }

    /** Answers them in their order. */
    public void answer() {
        boolean open = true;
        for (int i = 0; open && i < waiting.size(); i++) {
            if (waiting.get(i).getContent() instanceof ExecuteRequest) {
                abort(waiting.get(i));
            } else {
                open = serve(waiting.get(i));
            }
        }
    }

    @SuppressWarnings("unchecked") // JJava knows of no reply but those that are done or have failed
    private void abort(Message<?> request) {
        ShellReplyEnvironment reply = connection.prepareReplyEnv(shell, request);
        reply.setBusyDeferIdle();
        reply.reply(new Message<>(request, (MessageType<Object>) (MessageType<?>) ExecuteReply.MESSAGE_TYPE, new Aborted()));
        reply.resolveDeferrals();
    }

    /** Whether the connection is open afterwards. */
    private <T> boolean serve(Message<T> request) {
        ShellHandler<T> handler = connection.getHandler(request.getHeader().getType());
        if (handler == null) {
            LOG.warn("Nobody answers a message of type {}", request.getHeader().getType());
            return true;
        }
        ShellReplyEnvironment reply = connection.prepareReplyEnv(shell, request);
        try {
            handler.handle(reply, request);
        } catch (Exception e) {
            LOG.warn("No answer to a message of type {}", request.getHeader().getType(), e);
        } finally {
            reply.resolveDeferrals();
        }
        if (reply.isMarkedForShutdown()) {
            connection.close();
            return false;
        }
        return true;
    }
}
