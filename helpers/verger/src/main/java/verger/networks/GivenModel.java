package verger.networks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import verger.Settings;
import verger.networks.onnx.AdaptedModel;
import verger.networks.onnx.OnnxAdapter;
import verger.networks.onnx.OnnxFile;
import verger.networks.weights.Checksums;
import verger.networks.weights.GivenWeights;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;

/**
 * Takes the ONNX model that the user names: finds it and its card, has it adapted and says what it is.
 *
 * <p>A card that the user gives counts; else the JSON beside the model, {@code resnet18.json} beside {@code resnet18.onnx};
 * else what the graph itself tells, and images normalized as torchvision does it for its models.
 */
public final class GivenModel {

    /**
     * Of ImageNet, times 255: what torchvision's own models were trained with (torchvision/models/_api.py,
     * ImageClassification).
     */
    private static final float[] TORCHVISION_MEAN = {123.675f, 116.28f, 103.53f};
    private static final float[] TORCHVISION_SCALE = {58.395f, 57.12f, 57.375f};

    private static final ChoiceMemo MEMO = new ChoiceMemo(System::nanoTime);

    private final String uri;
    private final Configuration hadoop;
    private final Siblings siblings = new Siblings();

    private GivenModel(String uri, Configuration hadoop) {
        this.uri = uri;
        this.hadoop = hadoop;
    }

    /**
     * @param uri  local path or Hadoop URI of the model
     * @param card JSON of a {@link ModelCard}, or empty
     * @throws WeightsNotFoundException if there is no such file
     * @throws UnusableModelException   if it cannot take a network's place
     * @throws IllegalArgumentException if the card is none
     */
    public static NetworkChoice choose(String uri, String card, Configuration hadoop) {
        GivenModel given = new GivenModel(uri.strip(), hadoop);
        try {
            String stamp = GivenWeights.stamp(given.uri, hadoop);
            String cardStamp = stamp.equals(GivenWeights.NO_STAMP) ? stamp : GivenWeights.stampBeside(given.cardUri(), hadoop);
            return MEMO.get(List.of(uri, card, stamp, cardStamp), () -> given.choose(card), given.siblings::areUnchanged);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + uri + " ready in " + Settings.cache() + ": " + e.getMessage(), e);
        }
    }

    /** The card that counts for a model. */
    public static ModelCard card(String uri, String card, Configuration hadoop) {
        try {
            return new GivenModel(uri.strip(), hadoop).card(card);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the card of " + uri + ": " + e.getMessage(), e);
        }
    }

    private NetworkChoice choose(String given) throws IOException {
        Weights found = file("Model", "set model=<path or URI of an .onnx file>").find(uri, hadoop);
        ModelCard card = card(given);
        // Read here already: the weights beside it belong to what it is.
        OnnxFile model = OnnxFile.read(found.file(), uri, siblings);
        String sha256 = siblings.files.isEmpty() ? found.sha256() : siblings.sha256(found.file());
        // Of the card, what the adapted file depends on.
        String key = Checksums.sha256(String.join("\n", sha256, String.valueOf(card.layout()),
                Integer.toString(card.inputSize()),
                String.valueOf(card.features()), String.valueOf(card.output()), Boolean.toString(card.classes() != null)));
        Path adapted = new ModelCache(Settings.cache().resolve("onnx"), OnnxAdapter.VERSION, "-model.onnx")
                .of(new Weights(found.file(), key, uri), (weights, file) -> OnnxAdapter.adapt(model, uri, card, file));
        return choice(card, sha256, adapted);
    }

    private NetworkChoice choice(ModelCard card, String sha256, Path adapted) throws IOException {
        AdaptedModel facts = AdaptedModel.of(adapted);
        int names = card.classes() == null ? facts.classCount() : ClassNames.of(card.classes()).size();
        if (names != facts.classCount()) {
            throw new UnusableModelException(uri, "it has " + facts.classCount() + " classes, and its card names " + names,
                    "name each in the card's classes, or leave them out", null);
        }
        if (facts.takesBytes() && changesPixels(card)) {
            throw new UnusableModelException(uri, "it takes bytes of 0 … 255 as they are, and its card has mean or scale",
                    "leave both out of its card", null);
        }
        boolean asTorchvision = !card.normalizes() && !facts.takesBytes();
        Network network = new Network(
                card.name() != null ? card.name() : stem(),
                facts.inputSize(),
                card.channelOrder(),
                asTorchvision ? inOrder(card, TORCHVISION_MEAN) : card.mean(),
                asTorchvision ? inOrder(card, TORCHVISION_SCALE) : card.scale(),
                facts.featureLayer(),
                facts.featureSize(),
                facts.classCount(),
                card.classes(),
                card.source() != null ? card.source() : uri,
                card.licence() != null ? card.licence() : "not known",
                null);
        String why = "model " + uri + " was given"
                + (asTorchvision ? "; no card says how to normalize, so as torchvision does" : "");
        String details = "features: " + facts.featureLayer() + (facts.classCount() == 0
                ? "; no classifier" : "; " + facts.classCount() + " classes" + (card.saysWhatComesOut() ? ""
                        : "; if it puts out an embedding, name that tensor as features in its card"));
        return new NetworkChoice(network, EngineKind.ONNX, uri, sha256, adapted.toString(), why, false, details);
    }

    private static boolean changesPixels(ModelCard card) {
        return !Arrays.equals(card.mean(), new float[3]) || !Arrays.equals(card.scale(), new float[] {1, 1, 1});
    }

    private static float[] inOrder(ModelCard card, float[] rgb) {
        return card.channelOrder() == Network.ChannelOrder.RGB ? rgb.clone() : new float[] {rgb[2], rgb[1], rgb[0]};
    }

    private ModelCard card(String given) throws IOException {
        if (!given.isBlank()) {
            return ModelCard.fromJson(given);
        }
        Weights beside = file("Card", "set card=<JSON of a model card, or {} for none>").findIfThere(cardUri(), hadoop);
        if (beside == null) {
            return new ModelCard();
        }
        try {
            return ModelCard.fromJson(Files.readString(beside.file(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(cardUri() + ": " + e.getMessage(), e);
        }
    }

    private GivenWeights file(String subject, String wayOut) {
        return new GivenWeights(Settings.cache().resolve("weights"), subject, subject.toLowerCase(Locale.ROOT), wayOut);
    }

    private String cardUri() {
        return folder() + stem() + ".json";
    }

    /** Up to the last slash. */
    private String folder() {
        return uri.substring(0, uri.lastIndexOf('/') + 1);
    }

    private String stem() {
        String file = uri.substring(folder().length());
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    /** Files of weights beside the model. */
    private final class Siblings implements OnnxFile.Siblings {

        private final List<Path> files = new ArrayList<>();
        /** By URI, from before they were read. */
        private final Map<String, String> stamps = new LinkedHashMap<>();

        @Override
        public Path named(String name) throws IOException {
            String sibling = folder() + name;
            stamps.put(sibling, GivenWeights.stampBeside(sibling, hadoop));
            Path path;
            try {
                path = file("Weights", "bring it").find(sibling, hadoop).file();
            } catch (WeightsNotFoundException e) {
                throw new IOException("no such file", e);
            }
            files.add(path);
            return path;
        }

        boolean areUnchanged() {
            return stamps.entrySet().stream()
                    .allMatch(read -> read.getValue().equals(GivenWeights.stampBeside(read.getKey(), hadoop)));
        }

        /** Of the model and these files one after the other, as {@code cat model.onnx model.onnx.data | sha256sum} has it. */
        String sha256(Path model) throws IOException {
            MessageDigest digest = Checksums.newSha256();
            Checksums.update(digest, model);
            for (Path file : files) {
                Checksums.update(digest, file);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
