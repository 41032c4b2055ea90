package verger.networks.builtin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import verger.networks.builtin.TorchWeights.FormatException;
import verger.networks.builtin.TorchWeights.Tensor;

/**
 * A tensor as it lies in a storage: weights that came from TensorFlow are stored in the order of its axes.
 *
 * @param storage what its elements are in
 * @param offset  of the first one
 * @param shape   sizes of its dimensions
 * @param strides elements from one to the next in each of them
 */
record TensorView(Storage storage, long offset, long[] shape, long[] strides) {

    private static final int MOST_AXES = 8;

    /**
     * A storage that a pickle names.
     *
     * @param type of its elements
     * @param key  its name
     * @param size how many elements the pickle says it has
     */
    record Storage(ElementType type, String key, long size) {
    }

    /**
     * The float tensors of a state dict, in its order.
     *
     * @param state    views by name
     * @param storages elements by the storage's key
     * @throws FormatException if one lies outside of its storage
     */
    static Map<String, Tensor> tensors(Map<String, TensorView> state, Map<String, float[]> storages) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        // Two may share a storage; a file of views of one storage alone could fill any memory.
        long left = 2 * storages.values().stream().mapToLong(storage -> storage.length).sum();
        for (Map.Entry<String, TensorView> entry : state.entrySet()) {
            TensorView view = entry.getValue();
            if (view.storage().type().isFloat()) {
                float[] storage = storages.get(view.storage().key());
                if (storage == null || !view.liesIn(storage.length)) {
                    throw new FormatException("a PyTorch file whose tensor " + entry.getKey() + " lies outside of its storage",
                            null);
                }
                left -= view.count();
                if (left < 0) {
                    throw new FormatException("a PyTorch file whose tensors have more than twice its elements", null);
                }
                tensors.put(entry.getKey(), new Tensor(view.shape(), view.gather(storage)));
            }
        }
        return tensors;
    }

    /** Whether all elements are in a storage of that length; none of them is taken so often that the tensor outgrows it. */
    boolean liesIn(int length) {
        if (shape.length > MOST_AXES || strides.length != shape.length || offset < 0 || offset >= length) {
            return false;
        }
        long count = 1;
        long last = offset;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] < 1 || shape[d] > length || strides[d] < 0 || strides[d] > length) {
                return false;
            }
            count *= shape[d];
            last += (shape[d] - 1) * strides[d];
            if (count > length || last >= length) {
                return false;
            }
        }
        return true;
    }

    /** Of a view that lies in its storage. */
    int count() {
        int count = 1;
        for (long dimension : shape) {
            count *= (int) dimension;
        }
        return count;
    }

    float[] gather(float[] stored) {
        float[] values = new float[count()];
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            long at = offset;
            for (int d = shape.length - 1; d >= 0; d--) {
                at += rest % shape[d] * strides[d];
                rest /= (int) shape[d];
            }
            values[i] = stored[(int) at];
        }
        return values;
    }
}
