package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import verger.images.RgbImage;
import verger.networks.Network;
import verger.networks.NetworkChoice;
import verger.networks.Networks;
import verger.networks.weights.Checksums;

class FeatureKeyTest {

    private static final String SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db";

    /** What is not in it may change, and the features of before are taken for those of now. */
    @Test
    void allThatFeaturesAreMadeByIsInTheKey() {
        String made = "{'network':'EfficientNet-Lite0','weightsSha256':'" + SHA256 + "','engine':'onnx','decoding':"
                + RgbImage.DECODING + ",'inputSize':224,'channelOrder':'RGB','mean':[127.0,127.0,127.0],"
                + "'scale':[128.0,128.0,128.0],'featureLayer':'global average pool'}";

        assertThat(FeatureKey.of(choice(Networks.EFFICIENTNET_LITE0, "onnx", SHA256), 0))
                .isEqualTo(Checksums.sha256(made.replace('\'', '"')).substring(0, 16));
    }

    @Test
    void featuresThatAreMadeOtherwiseHaveAnotherKey() {
        Network network = Networks.EFFICIENTNET_LITE0;
        List<String> keys = Stream.of(choice(network, "onnx", SHA256), choice(Networks.EFFICIENTNET_LITE1, "onnx", SHA256),
                choice(network, "dl4j", SHA256), choice(network, "onnx", SHA256.replace('5', '6')))
                .flatMap(choice -> Stream.of(FeatureKey.of(choice, 0), FeatureKey.of(choice, 96))).toList();

        assertThat(keys).doesNotHaveDuplicates();
        assertThat(FeatureKey.of(choice(network, "onnx", SHA256), 224)).as("its own size").isEqualTo(keys.get(0));
    }

    /** Where weights and model lie is nothing that features are made by. */
    private static NetworkChoice choice(Network network, String engine, String sha256) {
        return new NetworkChoice(network, engine, "here", sha256, "/model.onnx", "it was asked for", false, "");
    }
}
