package verger.networks.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import verger.progress.Work;

/** Downloads one file by HTTP, and gives up when nothing arrives for a while. */
final class Download {

    private static final long POLL_MILLIS = 50;

    private final URI url;
    private final Path file;
    private final Duration answer;
    private final Duration patience;
    private volatile boolean abandoned;
    private volatile long lastProgress = System.nanoTime();
    private volatile long received;
    /** 0 or less until the server has said it, or if it does not. */
    private volatile long announced;

    private Download(URI url, Path file, Duration answer, Duration patience) {
        this.url = url;
        this.file = file;
        this.answer = answer;
        this.patience = patience;
    }

    /**
     * Downloads a file.
     *
     * @param file     where to, an existing file that is overwritten
     * @param answer   how long to wait for the first byte
     * @param patience how long to wait for each one after it
     * @throws NoAnswerException if nothing comes from the host
     * @throws IOException       with a few words on why it failed, fit to stand in brackets
     */
    static void to(URI url, Path file, Duration answer, Duration patience) throws IOException {
        new Download(url, file, answer, patience).run();
    }

    /** The host is not there, or silent; another file of it need not be tried. */
    static final class NoAnswerException extends IOException {

        private static final long serialVersionUID = 1L;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Waits for a thread that downloads: Java's own time-outs do not cover the look-up of a name, and begin anew with
     * each address of a host and each read. A thread that hangs is left behind, to end by itself.
     */
    private void run() throws IOException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            transfer();
            return null;
        });
        Thread thread = new Thread(task, "verger-download");
        thread.setDaemon(true);
        thread.start();
        try {
            while (true) {
                try {
                    task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    Work.at(received / 1_000_000, announced / 1_000_000, "MB");
                    long waited = System.nanoTime() - lastProgress;
                    if (received == 0 && waited > answer.toNanos()) {
                        throw new NoAnswerException("no answer within " + answer.toMillis() / 1000.0 + " s", null);
                    }
                    if (received > 0 && waited > patience.toNanos()) {
                        throw new IOException("nothing more came after " + received + " bytes");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof Failed failed ? failed
                    : new NoAnswerException("no answer: " + cause.getClass().getSimpleName(), cause);
        } finally {
            abandoned = true;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes what is received
    private void transfer() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout((int) answer.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            throw new Failed("HTTP status " + status);
        }
        announced = connection.getContentLengthLong();
        // Not created here: whoever gave up waiting has deleted the file.
        try (InputStream in = connection.getInputStream();
                OutputStream out =
                        Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0 && !abandoned; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                received += n;
                lastProgress = System.nanoTime();
            }
        }
        if (announced >= 0 && announced != received) {
            throw new Failed("ended after " + received + " of " + announced + " bytes");
        }
    }

    /** A failure whose message needs no addition. */
    private static final class Failed extends IOException {

        Failed(String message) {
            super(message);
        }
    }
}
