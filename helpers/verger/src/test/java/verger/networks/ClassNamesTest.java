package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassNamesTest {

    /** Indices as in Keras' imagenet_class_index.json. */
    @ParameterizedTest
    @CsvSource({"0, tench", "1, goldfish", "207, golden retriever", "404, airliner", "948, Granny Smith", "951, lemon",
        "953, pineapple",
        "954, banana", "957, pomegranate", "999, toilet tissue"})
    void imageNetIsInTheOrderOfKeras(int index, String name) {
        assertThat(ClassNames.of(ClassNames.IMAGENET).get(index)).isEqualTo(name);
    }

    @Test
    void everyNameIsThereOnce() {
        List<String> names = ClassNames.of("imagenet");
        assertThat(names).hasSize(1000).doesNotHaveDuplicates().noneMatch(String::isBlank);
        assertThat(Networks.all()).filteredOn(network -> network.classes() != null)
                .allSatisfy(network -> assertThat(ClassNames.of(network.classes())).hasSize(network.classCount()));
    }

    /** Darknet's imagenet.shortnames.list begins with kit fox and English setter; no package that may be used here has it. */
    @Test
    void noNamesAreClaimedForDarknet() {
        assertThat(Networks.all()).filteredOn(network -> network.classes() == null).containsExactly(Networks.DARKNET19);
    }

    @Test
    void anUnknownListSaysWhatIsKnown() {
        assertThatThrownBy(() -> ClassNames.of("coco")).hasMessage("Unknown list of class names 'coco': known is imagenet");
    }
}
