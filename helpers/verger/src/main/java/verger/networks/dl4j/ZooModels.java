package verger.networks.dl4j;

import java.net.URI;
import java.util.List;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;
import verger.Settings;
import verger.networks.weights.PublishedFile;
import verger.networks.weights.Sum;

/** What DL4J says of its zoo, apart from the rest since executors, which have no DL4J, read the list of networks too. */
final class ZooModels {

    private static final String KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/resnet/";
    private static final String KERAS_RESNET50 = KERAS + "resnet50_weights_tf_dim_ordering_tf_kernels.h5";
    private static final String KERAS_RESNET50_NO_TOP = KERAS + "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5";
    /** keras/applications/resnet.py, and keras_applications/resnet50.py before it: the names stayed. */
    private static final List<Sum> KERAS_RESNET50_SUMS =
            List.of(Sum.md5("2cb95161c43110f7111970584f804107"), Sum.md5("a7b3fe01876f51b976af0dea6bc144eb"));
    private static final List<Sum> KERAS_RESNET50_NO_TOP_SUMS =
            List.of(Sum.md5("4d473c1dd8becc155b73f8504c6f6626"), Sum.md5("a268eb855778b3df3c7506639542a6af"));

    private ZooModels() {
    }

    /** The weights trained on ImageNet, in the directory and from the URL that DL4J's own settings name. */
    static PublishedFile file(ZooNetwork network) {
        ZooModel zoo = named(network.network().name());
        return new PublishedFile(
                DL4JResources.getDirectory(ResourceType.ZOO_MODEL, zoo.modelName()).toPath(),
                URI.create(zoo.pretrainedUrl(PretrainedType.IMAGENET)),
                List.of(Sum.adler32(zoo.pretrainedChecksum(PretrainedType.IMAGENET))),
                network.parametersWithClasses() * Float.BYTES); // weights hardly shrink in a zip
    }

    /** The zoo's, and of ResNet50 those that Keras publishes, of the same training. */
    static List<PublishedFile> files(ZooNetwork network) {
        PublishedFile zoo = file(network);
        return network.network().name().equals("ResNet50")
                ? List.of(zoo, keras(KERAS_RESNET50, KERAS_RESNET50_SUMS, network.parametersWithClasses()),
                        keras(KERAS_RESNET50_NO_TOP, KERAS_RESNET50_NO_TOP_SUMS, network.parameters()))
                : List.of(zoo);
    }

    private static PublishedFile keras(String url, List<Sum> sums, long parameters) {
        return new PublishedFile(Settings.kerasModels(), URI.create(url), sums, parameters * Float.BYTES);
    }

    /** What {@code init()} makes of it differs from the published network in places and is not used. */
    private static ZooModel named(String name) {
        return switch (name) {
            case "ResNet50" -> ResNet50.builder().build();
            case "VGG16" -> VGG16.builder().build();
            case "VGG19" -> VGG19.builder().build();
            case "SqueezeNet" -> SqueezeNet.builder().build();
            case "Xception" -> Xception.builder().build();
            case "Darknet19" -> Darknet19.builder().build();
            default -> throw new IllegalArgumentException(name + " is not in DL4J's model zoo");
        };
    }
}
