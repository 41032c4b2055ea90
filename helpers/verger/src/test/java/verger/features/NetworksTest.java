package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NetworksTest {

    @Test
    void namesAreFoundInUpperAndLowerCase() {
        assertThat(Networks.named("resnet50")).isSameAs(Networks.RESNET50);
        assertThat(Networks.canonical("AUTO")).isEqualTo("auto");
        assertThat(Networks.canonical("efficientnet-lite0")).isEqualTo("EfficientNet-Lite0");
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> Networks.named("ResNet51"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Unknown network 'ResNet51': known are auto, ResNet50, EfficientNet-Lite0,"
                        + " VGG16, VGG19, SqueezeNet, Xception, Darknet19");
    }

    @Test
    void networksThatAreToldAlikeAreEqual() {
        assertThat(told(127)).isEqualTo(told(127)).hasSameHashCodeAs(told(127)).isNotEqualTo(told(128));
    }

    private static Network told(float mean) {
        return new Network("a", 8, Network.ChannelOrder.RGB, new float[] {mean, 0, 0}, new float[] {1, 1, 1}, "pool", 4, 0,
                null, "b", "c",
                null);
    }
}
