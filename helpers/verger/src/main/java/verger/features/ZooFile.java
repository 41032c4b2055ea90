package verger.features;

import java.net.URI;
import java.nio.file.Path;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;

/**
 * A file of weights that DL4J's model zoo publishes.
 *
 * @param directory the zoo's cache: where the file is kept once downloaded
 * @param url       where it is published
 * @param adler32   the checksum that is published with it
 */
record ZooFile(Path directory, URI url, long adler32) {

    /** A network trained on ImageNet, in the directory and from the URL that DL4J's own settings name. */
    static ZooFile of(ZooModel zoo) {
        return new ZooFile(
                DL4JResources.getDirectory(ResourceType.ZOO_MODEL, zoo.modelName()).toPath(),
                URI.create(zoo.pretrainedUrl(PretrainedType.IMAGENET)),
                zoo.pretrainedChecksum(PretrainedType.IMAGENET));
    }

    String name() {
        String path = url.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    Path file() {
        return directory.resolve(name());
    }
}
