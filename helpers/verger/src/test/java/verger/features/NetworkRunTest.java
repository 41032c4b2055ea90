package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import verger.TestSpark;
import verger.images.TestImages;
import verger.networks.Network;
import verger.networks.NetworkChoice;
import verger.networks.Networks;
import verger.networks.Output;

class NetworkRunTest {

    private record Plain(Output output) implements NetworkColumn {

        @Override
        public DataType type() {
            return DataTypes.createArrayType(DataTypes.FloatType, false);
        }

        @Override
        public Object value(float[] row) {
            return row;
        }
    }

    /** Another network's weights were fed images normalized for this one. */
    @Test
    void featuresOfAnotherSizeThanTheNetworksAreRefused() {
        assertThat(run(1280, Output.FEATURES)).hasSize(1280);
        assertThatThrownBy(() -> run(1000, Output.FEATURES)).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "These weights give 1280 features of an image, and Claimed has 1000: they are another network's");
        assertThat(run(1000, Output.PROBABILITIES)).as("as many as there are classes").hasSize(1000);
    }

    /** One image through EfficientNet-Lite0, by a card that says another number of features. */
    private static float[] run(int features, Output output) {
        NetworkChoice choice = new ImageFeaturizer().setNetwork("EfficientNet-Lite0").choice();
        Network own = Networks.EFFICIENTNET_LITE0;
        Network claimed =
                new Network("Claimed", own.inputSize(), own.channelOrder(), own.mean(), own.scale(), own.featureLayer(),
                        features, own.classCount(), own.classes(), own.source(), own.licence(), own.sha256());
        LongAccumulator seen = TestSpark.session().sparkContext().longAccumulator();
        NetworkRun run = new NetworkRun(claimed, SentModel.send(choice, TestSpark.session().sparkContext()), 64,
                new Plain(output), seen);
        List<NetworkRun.Outcome> outcomes = run.outcomes(List.of(TestImages.jpeg(60, Color.RED)), run.batch(1));
        assertThat(seen.value()).isEqualTo(1);
        return outcomes.get(0).row();
    }
}
