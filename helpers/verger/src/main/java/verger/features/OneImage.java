package verger.features;

import java.io.Serializable;
import java.util.Collections;
import org.apache.spark.sql.types.DataType;
import scala.runtime.AbstractFunction1;
import verger.networks.Network;
import verger.networks.Output;
import verger.networks.PixelBatch;
import verger.networks.weights.Checksums;

/**
 * A stage as a function of one image.
 *
 * <p>Spark may ask for the same image several times in a row: for a filter and what it lets through, for several columns. So
 * each thread remembers what the network put out last. Two functions that do the same are equal, as {@code group by} needs it.
 */
final class OneImage extends AbstractFunction1<byte[], Object> implements Serializable {

    private static final long serialVersionUID = 1L;

    /** What came of an image: by its SHA-256, for the image itself may be large and stay for long. */
    private record Last(Network network, SentModel model, int size, Output output, String sha256, NetworkRun.Outcome outcome) {
    }

    private static final ThreadLocal<Last> LAST = new ThreadLocal<>();

    private final NetworkRun run;
    private final boolean failOnInvalid;
    private transient PixelBatch pixels;

    /** @param failOnInvalid whether an image that cannot be used ends the job */
    OneImage(NetworkRun run, boolean failOnInvalid) {
        this.run = run;
        this.failOnInvalid = failOnInvalid;
    }

    DataType type() {
        return run.column().type();
    }

    @Override
    public synchronized Object apply(byte[] content) {
        NetworkRun.Outcome outcome = outcome(content);
        if (failOnInvalid && outcome.reason() != null) {
            throw new IllegalArgumentException(NetworkPartition.unusable("An image", outcome.reason()));
        }
        return outcome.row() == null ? null : run.column().value(outcome.row());
    }

    private NetworkRun.Outcome outcome(byte[] content) {
        if (pixels == null) {
            pixels = run.batch(1);
        }
        if (content == null) {
            return run.outcomes(Collections.singletonList(null), pixels).get(0);
        }
        String sha256 = Checksums.sha256(content);
        Last last = LAST.get();
        if (last == null || !last.sha256.equals(sha256) || !isOurs(last)) {
            last = new Last(run.network(), run.model(), run.size(), run.column().output(), sha256,
                    run.outcomes(Collections.singletonList(content), pixels).get(0));
            LAST.set(last);
        }
        return last.outcome;
    }

    private boolean isOurs(Last last) {
        return last.network.equals(run.network()) && last.model.equals(run.model()) && last.size == run.size()
                && last.output == run.column().output();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OneImage that && run.equals(that.run) && failOnInvalid == that.failOnInvalid;
    }

    @Override
    public int hashCode() {
        return run.hashCode();
    }
}
