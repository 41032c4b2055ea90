package verger.networks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists of the names of the classes that networks tell apart, in the order of their probabilities. */
public final class ClassNames {

    /** The 1,000 of ImageNet's challenge by WordNet id, as in Keras, PyTorch and TensorFlow: tench, …, toilet tissue. */
    public static final String IMAGENET = "imagenet";

    private static final class ImageNet {
        private static final List<String> NAMES = read("imagenet-classes.txt");
    }

    private ClassNames() {
    }

    /**
     * The names of a list.
     *
     * @param list {@link #IMAGENET}, or the names themselves, one a line, as a {@link ModelCard} gives them
     * @throws IllegalArgumentException if there is no list of this name
     */
    public static List<String> of(String list) {
        if (list.contains("\n")) {
            return list.lines().toList();
        }
        if (IMAGENET.equals(list)) {
            return ImageNet.NAMES;
        }
        throw new IllegalArgumentException("Unknown list of class names '" + list + "': known is " + IMAGENET);
    }

    private static List<String> read(String resource) {
        try (InputStream in = ClassNames.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
