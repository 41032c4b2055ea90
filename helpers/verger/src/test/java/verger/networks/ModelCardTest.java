package verger.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A card is written and read as it was set, and what cannot be is refused by name. */
class ModelCardTest {

    @Test
    void jsonGoesThereAndBack() {
        ModelCard card = new ModelCard().setName("fruit").setInputSize(192).setChannelOrder("bgr").setLayout("nhwc").setMean(1,
                2, 3)
                .setScale(58.5f).setFeatures("/avgpool").setOutput("logits").setClasses("apple",
                        "Kiwi, peeled")
                .setSource("here")
                .setLicence("MIT");
        String json =
                "{\"name\":\"fruit\",\"inputSize\":192,\"channelOrder\":\"BGR\",\"layout\":\"NHWC\",\"mean\":[1.0,2.0,3.0],"
                        + "\"scale\":[58.5,58.5,58.5],\"features\":\"/avgpool\",\"output\":\"logits\",\"classes\":[\"apple\",\"Kiwi, "
                        + "peeled\"],\"source\":\"here\",\"licence\":\"MIT\"}";
        assertThat(card.toJson()).isEqualTo(json);
        assertThat(ModelCard.fromJson(json)).isEqualTo(card);
        assertThat(ModelCard.fromJson("{}").toJson()).isEqualTo("{}");
        assertThat(ModelCard.fromJson("{\"classes\": \"imagenet\", \"mean\": 0}").toJson())
                .isEqualTo("{\"mean\":[0.0,0.0,0.0],\"classes\":[\"imagenet\"]}");
    }

    @Test
    void oneClassIsAClassUnlessItIsImageNet() {
        assertThat(ClassNames.of(new ModelCard().setClasses("cat").classes())).containsExactly("cat");
        assertThat(ClassNames.of(new ModelCard().setClasses("ImageNet").classes())).hasSize(1000);
    }

    @Test
    void whatIsBlankIsNotSaid() {
        assertThat(ModelCard.fromJson("{\"name\": \" \", \"source\": \"\", \"licence\": \" MIT \"}").toJson())
                .isEqualTo("{\"licence\":\"MIT\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"size\": 224} | A model card has no 'size': known are name, inputSize,",
        "{\"inputSize\": 0} | inputSize of a model card is 1 pixel at least: got 0",
        "{\"channelOrder\": \"GBR\"} | channelOrder of a model card is RGB or BGR: got GBR",
        "{\"mean\": [1, 2]} | mean of a model card is one number, or one for each of three channels: got [1.0, 2.0]",
        "{\"scale\": [1, 0, 1]} | scale of a model card divides pixels and cannot be 0: got [1.0, 0.0, 1.0]",
        "{\"mean\": [0.485, 0.456, 0.406], \"scale\": [0.229, 0.224, 0.225]} | mean and scale of a model card are for "
                + "pixels of"
                + " 0 … 255: got mean [0.485, 0.456, 0.406] and scale [0.229, 0.224, 0.225], which are for 0 … 1; multiply both by "
                + "255",
        "{\"scale\": 0.5, \"mean\": 0.5} | mean and scale of a model card are for pixels of 0 … 255: got mean [0.5, 0.5, "
                + "0.5]",
        "{\"classes\": []} | classes of a model card are imagenet or a name of one line for each class: got []",
        "{\"inputSize\": | This is no model card: ",
        "[] | This is no model card: ",
        "null | This is no model card: null"})
    void whatCannotBeIsNamed(String json, String message) {
        assertThatThrownBy(() -> ModelCard.fromJson(json)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message().doesNotContain("\n");
    }

    static Stream<Arguments> setters() {
        return Stream.of(
                Arguments.of("layout of a model card is NCHW or NHWC: got HWC",
                        (Consumer<ModelCard>) card -> card.setLayout("HWC")),
                Arguments.of("mean of a model card is one number", (Consumer<ModelCard>) card -> card.setMean(Float.NaN)),
                Arguments.of("classes of a model card are imagenet or", (Consumer<ModelCard>) card -> card.setClasses("a",
                        " ")));
    }

    @ParameterizedTest
    @MethodSource("setters")
    void settersRefuseTheSame(String message, Consumer<ModelCard> setter) {
        assertThatThrownBy(() -> setter.accept(new ModelCard())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
