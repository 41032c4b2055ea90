package verger.networks.dl4j;

import java.net.URI;
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
import verger.networks.weights.ZooFile;

/** What DL4J says of its zoo, apart from the rest since executors, which have no DL4J, read the list of networks too. */
final class ZooModels {

    private ZooModels() {
    }

    /** The weights trained on ImageNet, in the directory and from the URL that DL4J's own settings name. */
    static ZooFile file(ZooNetwork network) {
        ZooModel zoo = named(network.network().name());
        return new ZooFile(
                DL4JResources.getDirectory(ResourceType.ZOO_MODEL, zoo.modelName()).toPath(),
                URI.create(zoo.pretrainedUrl(PretrainedType.IMAGENET)),
                zoo.pretrainedChecksum(PretrainedType.IMAGENET),
                network.parametersWithClasses() * Float.BYTES); // weights hardly shrink in a zip
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
