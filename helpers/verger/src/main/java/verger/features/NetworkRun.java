package verger.features;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.util.LongAccumulator;
import verger.images.RgbImage;
import verger.images.UnusableImageException;
import verger.networks.Network;
import verger.networks.Output;
import verger.networks.PixelBatch;
import verger.progress.ImagesDone;

/**
 * Sends images through a network on an executor.
 *
 * @param network what the images have to look like
 * @param model   what runs it
 * @param size    width and height in pixels that images get
 * @param column  what becomes of its output
 * @param seen    counts the images
 */
record NetworkRun(Network network, SentModel model, int size, NetworkColumn column, LongAccumulator seen)
        implements Serializable {

    /**
     * What came of an image; one of the two is null.
     *
     * @param row    what the network put out
     * @param reason why the image cannot be used
     */
    record Outcome(float[] row, String reason) {
    }

    NetworkRun forSql() {
        return new NetworkRun(network, model, size, column.forSql(), seen);
    }

    /** Memory for a batch, to be used again for the next one. */
    PixelBatch batch(int capacity) {
        return new PixelBatch(network, size, capacity);
    }

    /**
     * What comes of a batch of image files, in their order.
     *
     * @param contents as many as {@code pixels} has room for at most; null where there is none
     */
    List<Outcome> outcomes(List<byte[]> contents, PixelBatch pixels) {
        List<String> reasons = new ArrayList<>(contents.size());
        pixels.clear();
        contents.forEach(content -> reasons.add(decode(content, pixels)));
        float[][] rows = pixels.count() == 0 ? new float[0][] : run(pixels);
        ImagesDone.add(column.output() == Output.FEATURES ? "featurize" : "predict", contents.size());
        List<Outcome> outcomes = new ArrayList<>(contents.size());
        int used = 0;
        for (String reason : reasons) {
            outcomes.add(new Outcome(reason == null ? rows[used++] : null, reason));
        }
        return outcomes;
    }

    private static String decode(byte[] image, PixelBatch pixels) {
        try {
            return RgbImage.decode(image, decoded -> {
                pixels.add(decoded);
                return null;
            });
        } catch (UnusableImageException e) {
            return e.getMessage();
        }
    }

    private float[][] run(PixelBatch batch) {
        float[][] rows = batch.run(model.load(), column.output());
        if (column.output() == Output.FEATURES && rows[0].length != network.featureSize()) {
            throw new IllegalArgumentException("These weights give " + rows[0].length + " features of an image, and "
                    + network.name() + " has " + network.featureSize() + ": they are another network's");
        }
        seen.add(rows.length);
        return rows;
    }
}
