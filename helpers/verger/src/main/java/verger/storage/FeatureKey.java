package verger.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import verger.features.ImageFeaturizer;
import verger.images.RgbImage;
import verger.networks.NetworkChoice;
import verger.networks.weights.Checksums;

/** What features are made by, as a name: features of the same name are the same to the bit. */
final class FeatureKey {

    private static final int LENGTH = 16;

    private FeatureKey() {
    }

    /** Sixteen digits of hex that tell network, weights, engine, settings and way of decoding. */
    static String of(ImageFeaturizer featurizer) {
        return of(featurizer.choice(), featurizer.getInputSize());
    }

    /** @param inputSize width and height in pixels that the images are fed in; 0: the network's own */
    static String of(NetworkChoice choice, int inputSize) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("network", choice.network().name());
        made.put("weightsSha256", choice.weightsSha256());
        made.put("engine", choice.engine());
        made.put("decoding", RgbImage.DECODING);
        made.putAll(Manifest.input(choice.network(), inputSize));
        try {
            return Checksums.sha256(new ObjectMapper().writeValueAsBytes(made)).substring(0, LENGTH);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and texts are JSON", e);
        }
    }
}
