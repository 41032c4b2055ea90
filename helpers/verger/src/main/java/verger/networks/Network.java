package verger.networks;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What has to be known of a pretrained network to feed it an image and read its features.
 *
 * @param name         the name by which a user asks for it
 * @param inputSize    width and height in pixels of the images it was trained on
 * @param channelOrder the order of the three colour planes in its input
 * @param mean         subtracted from each plane, in 0 … 255, in {@code channelOrder}
 * @param scale        what each plane is divided by after the mean is subtracted, in {@code channelOrder}
 * @param featureLayer which layer's output the features are, in words
 * @param featureSize  number of features of an image
 * @param classCount   number of classes that its classifier gives probabilities for, or 0 where it has none
 * @param classes      name of the list of its classes' names, see {@link ClassNames}, or null where they are not known
 * @param source       where the weights come from
 * @param licence      the licence of the weights
 * @param sha256       of the published weights file, or null where the publisher gives another checksum
 */
public record Network(
        String name,
        int inputSize,
        ChannelOrder channelOrder,
        float[] mean,
        float[] scale,
        String featureLayer,
        int featureSize,
        int classCount,
        String classes,
        String source,
        String licence,
        String sha256) implements Serializable {

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** All that is told: a record by itself would compare arrays by where they are. */
    private List<Object> values() {
        return Arrays.asList(name, inputSize, channelOrder, Arrays.toString(mean), Arrays.toString(scale), featureLayer,
                featureSize, classCount, classes, source, licence, sha256);
    }

    /** The order of the colour planes. */
    public enum ChannelOrder {
        RGB, BGR
    }
}
