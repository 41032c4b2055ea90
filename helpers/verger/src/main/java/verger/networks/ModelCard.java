package verger.networks;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import verger.networks.Network.ChannelOrder;

/**
 * What an ONNX file does not say of the images that it takes and of what it puts out; all of it may be left out.
 *
 * <p>As JSON it lies beside the model, {@code resnet18.json} beside {@code resnet18.onnx}:
 *
 * <pre>{@code
 * {"inputSize": 224, "channelOrder": "RGB", "mean": [123.675, 116.28, 103.53], "scale": [58.395, 57.12, 57.375],
 *  "features": "avgpool", "classes": "imagenet"}
 * }</pre>
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY, getterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE, isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public final class ModelCard implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private String name;
    private Integer inputSize;
    private String channelOrder;
    private String layout;
    private float[] mean;
    private float[] scale;
    private String features;
    private String output;
    private List<String> classes;
    private String source;
    private String licence;

    /** A card that says nothing yet. */
    public ModelCard() {
    }

    /**
     * Reads a card.
     *
     * @throws IllegalArgumentException if the text is no JSON, has a key that no card has, or a value that cannot be
     */
    public static ModelCard fromJson(String json) {
        ModelCard read;
        try {
            read = JSON.readerFor(ModelCard.class).with(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY).readValue(json);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException("A model card has no '" + e.getPropertyName()
                    + "': known are name, inputSize, channelOrder,"
                    + " layout, mean, scale, features, output, classes, source, licence");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This is no model card: " + e.getOriginalMessage().lines().findFirst().orElse("")
                    + " (line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ")");
        }
        if (read == null) {
            throw new IllegalArgumentException("This is no model card: null");
        }
        return new ModelCard().with(read);
    }

    /** Takes all that another card says, through the checks of the setters. */
    private ModelCard with(ModelCard other) {
        name = blankToNull(other.name);
        source = blankToNull(other.source);
        licence = blankToNull(other.licence);
        features = blankToNull(other.features);
        output = blankToNull(other.output);
        if (other.inputSize != null) {
            setInputSize(other.inputSize);
        }
        if (other.channelOrder != null) {
            setChannelOrder(other.channelOrder);
        }
        if (other.layout != null) {
            setLayout(other.layout);
        }
        if (other.mean != null) {
            setMean(other.mean);
        }
        if (other.scale != null) {
            setScale(other.scale);
        }
        if (other.classes != null) {
            setClasses(other.classes.toArray(String[]::new));
        }
        return this;
    }

    /** The card as JSON in one line; what was not set is not in it. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param value what the model is called in charts and manifests; by default the name of its file */
    public ModelCard setName(String value) {
        name = blankToNull(value);
        return this;
    }

    /** @param value width and height in pixels of the images, 1 at least; by default what the graph says, else 224 */
    public ModelCard setInputSize(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("inputSize of a model card is 1 pixel at least: got " + value);
        }
        inputSize = value;
        return this;
    }

    /** @param value {@code RGB} (the default) or {@code BGR}, upper and lower case alike */
    public ModelCard setChannelOrder(String value) {
        channelOrder = oneOf("channelOrder", value, "RGB", "BGR");
        return this;
    }

    /**
     * @param value order of the axes of the model's input, {@code NCHW} or {@code NHWC}; by default by where its 3 channels are
     */
    public ModelCard setLayout(String value) {
        layout = oneOf("layout", value, "NCHW", "NHWC");
        return this;
    }

    /**
     * @param value one number for each channel, or one for all, that is subtracted, for pixels of 0 … 255, in the order of the
     * channels
     */
    public ModelCard setMean(float... value) {
        float[] three = three("mean", value);
        requireBytes(three, scale);
        mean = three;
        return this;
    }

    /**
     * @param value one number for each channel, or one for all, by which pixels are divided once the mean is subtracted; none
     * is 0
     */
    public ModelCard setScale(float... value) {
        float[] three = three("scale", value);
        for (float divisor : three) {
            if (divisor == 0) {
                throw new IllegalArgumentException("scale of a model card divides pixels and cannot be 0: got "
                        + Arrays.toString(value));
            }
        }
        requireBytes(mean, three);
        scale = three;
        return this;
    }

    /** @param tensor name of any tensor of the graph at which features are cut; by default what goes into its classifier */
    public ModelCard setFeatures(String tensor) {
        features = blankToNull(tensor);
        return this;
    }

    /** @param tensor name of the tensor with the classes' logits or probabilities; by default an output of the graph */
    public ModelCard setOutput(String tensor) {
        output = blankToNull(tensor);
        return this;
    }

    /**
     * @param names {@code imagenet} (upper and lower case alike), or the name of each class in the order of the model's output
     */
    public ModelCard setClasses(String... names) {
        if (names.length == 0 || Arrays.stream(names).anyMatch(one -> one == null || one.isBlank() || one.contains("\n"))) {
            throw new IllegalArgumentException("classes of a model card are " + ClassNames.IMAGENET
                    + " or a name of one line for each class: got "
                    + Arrays.toString(names));
        }
        classes = List.of(names);
        return this;
    }

    /** @param value where the weights come from, in words */
    public ModelCard setSource(String value) {
        source = blankToNull(value);
        return this;
    }

    /** @param value licence of the weights */
    public ModelCard setLicence(String value) {
        licence = blankToNull(value);
        return this;
    }

    String name() {
        return name;
    }

    /** 0 where the card does not say. */
    public int inputSize() {
        return inputSize == null ? 0 : inputSize;
    }

    ChannelOrder channelOrder() {
        return channelOrder == null ? ChannelOrder.RGB : ChannelOrder.valueOf(channelOrder);
    }

    public String layout() {
        return layout;
    }

    /** Whether the card says how pixels become the numbers that the model takes. */
    boolean normalizes() {
        return mean != null || scale != null;
    }

    /** Whether it need not be guessed what the model puts out. */
    boolean saysWhatComesOut() {
        return features != null || output != null || classes != null;
    }

    /** 0 where the card gives a scale alone. */
    float[] mean() {
        return mean == null ? new float[3] : mean.clone();
    }

    /** 1 where the card gives a mean alone. */
    float[] scale() {
        return scale == null ? new float[] {1, 1, 1} : scale.clone();
    }

    public String features() {
        return features;
    }

    public String output() {
        return output;
    }

    /** As {@link ClassNames#of} takes it, or null. */
    public String classes() {
        if (classes == null) {
            return null;
        }
        return classes.size() == 1 && ClassNames.IMAGENET.equalsIgnoreCase(classes.get(0)) ? ClassNames.IMAGENET
                : String.join("\n", classes) + "\n";
    }

    String source() {
        return source;
    }

    String licence() {
        return licence;
    }

    private static String oneOf(String key, String value, String... known) {
        String upper = String.valueOf(value).toUpperCase(Locale.ROOT);
        if (!Arrays.asList(known).contains(upper)) {
            throw new IllegalArgumentException(key + " of a model card is " + String.join(" or ", known) + ": got " + value);
        }
        return upper;
    }

    private static float[] three(String key, float[] value) {
        boolean finite = true;
        for (float one : value) {
            finite &= Float.isFinite(one);
        }
        if (!finite || value.length != 1 && value.length != 3) {
            throw new IllegalArgumentException(key + " of a model card is one number, or one for each of three channels: got "
                    + Arrays.toString(value));
        }
        return value.length == 3 ? value.clone() : new float[] {value[0], value[0], value[0]};
    }

    /** What is published for pixels of 0 … 1 would give numbers without a meaning, and no error. */
    private static void requireBytes(float[] mean, float[] scale) {
        if (mean == null || scale == null) {
            return;
        }
        for (int channel = 0; channel < mean.length; channel++) {
            if (mean[channel] <= 0 || mean[channel] >= 1 || Math.abs(scale[channel]) >= 1) {
                return;
            }
        }
        throw new IllegalArgumentException("mean and scale of a model card are for pixels of 0 … 255: got mean "
                + Arrays.toString(mean) + " and scale " + Arrays.toString(scale)
                + ", which are for 0 … 1; multiply both by 255");
    }

    private static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelCard card && toJson().equals(card.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
