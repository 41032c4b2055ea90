package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .hasMessage("Unknown network 'ResNet51': known are auto, ResNet50, ResNet50-torchvision,"
                        + " ResNet50-torchvision-V2, EfficientNet-Lite0, EfficientNet-Lite1,"
                        + " VGG16, VGG19, SqueezeNet, Xception, Darknet19, MobileNetV2");
    }

    /** As on executors, which are spared its 130 MB until a job runs on it. */
    @Test
    void theyAreKnownWhereThereIsNoDl4j() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!Path.of(entry).getFileName().toString().matches("(deeplearning4j|nd4j|resources|samediff).*\\.jar")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader executor = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> executor.loadClass("org.deeplearning4j.zoo.ZooModel"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> networks = executor.loadClass(Networks.class.getName());
            assertThat(networks.getMethod("all").invoke(null)).asInstanceOf(list(Object.class))
                    .hasSameSizeAs(Networks.all());
            Object source = ((List<?>) networks.getMethod("sources").invoke(null)).get(0);
            assertThat(source.getClass().getMethod("takes", String.class).invoke(source, "weights.zip")).isEqualTo(false);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "efficientnet-lite0-57934424.pth, EfficientNet-Lite0",
        "s3://bucket/Mine.PTH, EfficientNet-Lite0",
        "/lite1/weights.pth, EfficientNet-Lite0",
        "elite3.pth, EfficientNet-Lite0",
        "efficientnet-lite2.pth, EfficientNet-Lite0",
        "efficientnet-lite1-77cc7160.pth, EfficientNet-Lite1",
        "resnet50-0676ba61.pth, ResNet50-torchvision",
        "s3://bucket/resnet50-11ad3fa6.pth, ResNet50-torchvision-V2",
        "/models/resnet50/model.safetensors, ResNet50-torchvision",
        "resnet-50.pt, ResNet50-torchvision",
        "/resnet50/weights.pth, EfficientNet-Lite0",
        "resnet50.h5, "})
    void aFileOfWeightsTellsItsNetworkByItsName(String file, String network) {
        assertThat(Networks.sources()).filteredOn(source -> source.takes(file)).extracting(source -> source.network().name())
                .isEqualTo(network == null ? List.of() : List.of(network));
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
