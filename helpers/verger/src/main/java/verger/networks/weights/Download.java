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
    private final Duration patience;
    private volatile boolean abandoned;
    private volatile long lastProgress = System.nanoTime();
    private volatile long received;
    /** 0 or less until the server has said it, or if it does not. */
    private volatile long announced;

    private Download(URI url, Path file, Duration patience) {
        this.url = url;
        this.file = file;
        this.patience = patience;
    }

    /**
     * Downloads a file.
     *
     * @param file     where to, an existing file that is overwritten
     * @param patience how long to wait for the first byte, and for each one after it
     * @throws IOException with a few words on why it failed, fit to stand in brackets
     */
    static void to(URI url, Path file, Duration patience) throws IOException {
        new Download(url, file, patience).run();
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
                    if (System.nanoTime() - lastProgress > patience.toNanos()) {
                        throw new IOException(received == 0
                                ? "no answer within " + patience.toMillis() / 1000.0 + " s"
                                : "nothing more came after " + received + " bytes");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof Failed failed ? failed : new IOException("no answer: " + cause.getClass().getSimpleName(),
                    cause);
        } finally {
            abandoned = true;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes what is received
    private void transfer() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout((int) patience.toMillis());
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
