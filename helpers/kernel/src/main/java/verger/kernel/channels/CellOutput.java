package verger.kernel.channels;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;

/**
 * Gathers what cells print, and sends it in the order in which it was printed: after a tenth of a second, before whatever else the
 * cell shows, and when there is much of it. A message for each line would be more than a browser's server lets through.
 *
 * <p>What a thread prints after its cell goes below that cell until the next one runs, as in the Python kernel.
 */
public final class CellOutput {

    private static final long GATHERED_MILLIS = 100;

    /** Characters of one message. */
    private static final int MOST = 128 * 1024;

    private record Text(boolean error, StringBuilder characters) {
    }

    private final OutputRate rate;
    private final BooleanSupplier stopped;
    private final PrintStream terminalOut;
    private final PrintStream terminalErr;
    private final PrintStream out = stream(false);
    private final PrintStream err = stream(true);
    private final Object sending = new Object();
    private final Deque<Text> texts = new ArrayDeque<>();
    private long characters;
    private ShellReplyEnvironment cell;

    /**
     * Prints to the terminal until a cell runs.
     *
     * @param server  whether a Jupyter server stands between the kernel and its reader
     * @param stopped whether the statement of this thread was interrupted: it must not print any more
     */
    public CellOutput(boolean server, BooleanSupplier stopped) {
        rate = OutputRate.of(server);
        this.stopped = stopped;
        terminalOut = System.out;
        terminalErr = System.err;
        Thread sender = new Thread(this::sendNowAndThen, "verger-output");
        sender.setDaemon(true);
        sender.start();
    }

    /** Takes the place of {@code System.out} and {@code System.err}. */
    public void install() {
        System.setOut(out);
        System.setErr(err);
    }

    /** What is printed from now on belongs to this cell. */
    public void begin(ShellReplyEnvironment next) {
        send();
        synchronized (this) {
            cell = next;
        }
    }

    private PrintStream stream(boolean error) {
        return new PrintStream(new Gathering(error), false, StandardCharsets.UTF_8);
    }

    private void add(boolean error, CharSequence text) {
        boolean much;
        synchronized (this) {
            if (cell == null) {
                (error ? terminalErr : terminalOut).append(text).flush();
                return;
            }
            Text last = texts.peekLast();
            if (last == null || last.error != error || last.characters.length() >= MOST) {
                last = new Text(error, new StringBuilder());
                texts.add(last);
            }
            last.characters.append(text);
            characters += text.length();
            much = characters >= MOST;
            notifyAll();
        }
        if (much) {
            send();
        }
    }

    /** Sends what was printed so far, and waits where it is more than the reader's server takes. */
    public void send() {
        long wait = 0;
        synchronized (sending) {
            List<Text> now;
            ShellReplyEnvironment to;
            synchronized (this) {
                now = new ArrayList<>(texts);
                to = cell;
                texts.clear();
                characters = 0;
            }
            for (Text text : now) {
                String whole = text.characters.toString();
                if (text.error) {
                    to.writeToStdErr(whole);
                } else {
                    to.writeToStdOut(whole);
                }
                wait = rate.take(weight(whole));
            }
        }
        if (wait > 0) {
            pause(wait);
        }
    }

    /** Whether a cell has one output and no more, whatever it is. */
    public boolean isOnlyOne(ShellReplyEnvironment of) {
        send();
        return of instanceof CellReply reply && reply.outputs() == 1;
    }

    /** The bytes of a text in a message: Gson escapes what means something in HTML. */
    private static long weight(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += switch (c) {
                case '<', '>', '=', '&', '\'' -> 6;
                case '\n', '\t', '"', '\\' -> 2;
                default -> c < 0x20 ? 6 : c < 0x80 ? 1 : 3;
            };
        }
        return bytes;
    }

    /** @throws CancellationException if the statement of this thread was interrupted */
    void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requireRunning();
    }

    private void requireRunning() {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("The cell was interrupted");
        }
    }

    private void sendNowAndThen() {
        while (true) {
            try {
                synchronized (this) {
                    while (texts.isEmpty()) {
                        wait();
                    }
                }
                Thread.sleep(GATHERED_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            send();
        }
    }

    /** Bytes of a character may come one by one. */
    private final class Gathering extends OutputStream {

        private final boolean error;
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer left = ByteBuffer.allocate(0);

        Gathering(boolean error) {
            this.error = error;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            requireRunning();
            ByteBuffer all = ByteBuffer.allocate(left.remaining() + length).put(left).put(bytes, from, length).flip();
            CharBuffer characters = CharBuffer.allocate(all.remaining());
            decoder.decode(all, characters, false);
            left = all;
            add(error, characters.flip());
        }
    }
}
