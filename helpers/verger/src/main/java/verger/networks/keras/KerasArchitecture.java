package verger.networks.keras;

import verger.networks.UnreadableWeightsException;

/** The layers of a network of Keras' applications, for files that hold its weights alone. */
public interface KerasArchitecture {

    /**
     * Tells all layers after the input, which is called input_1, with Keras' names.
     *
     * @param weights of the file, which tell the edition of the network and the size of its classifier
     * @param size    width and height in pixels of the images
     * @return the name of the last layer
     * @throws UnreadableWeightsException if the features of this network cannot be had without a part that the file lacks
     */
    String tell(KerasWeights weights, int size, KerasLayers layers);
}
