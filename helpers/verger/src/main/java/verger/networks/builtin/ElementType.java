package verger.networks.builtin;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** What the elements of a stored tensor are. */
enum ElementType {
    FLOAT32("FloatStorage", "F32", Float.BYTES),
    FLOAT64("DoubleStorage", "F64", Double.BYTES),
    FLOAT16("HalfStorage", "F16", Short.BYTES),
    BFLOAT16("BFloat16Storage", "BF16", Short.BYTES),
    /** Counters, of which no network's output depends. */
    INT64("LongStorage", "I64", Long.BYTES);

    private final String torch;
    private final String safetensors;
    private final int bytes;

    ElementType(String torch, String safetensors, int bytes) {
        this.torch = torch;
        this.safetensors = safetensors;
        this.bytes = bytes;
    }

    /** The type of a storage of PyTorch, or null. */
    static ElementType ofTorch(String storage) {
        return Arrays.stream(values()).filter(type -> type.torch.equals(storage)).findFirst().orElse(null);
    }

    /** The type of a name in a safetensors file, or null. */
    static ElementType ofSafetensors(String name) {
        return Arrays.stream(values()).filter(type -> type.safetensors.equals(name)).findFirst().orElse(null);
    }

    /** Of an element. */
    int bytes() {
        return bytes;
    }

    boolean isFloat() {
        return this != INT64;
    }

    /** Elements from little-endian bytes. */
    float[] floats(ByteBuffer from) {
        float[] floats = new float[from.remaining() / bytes];
        if (this == FLOAT32) {
            from.asFloatBuffer().get(floats);
            return floats;
        }
        FloatBuffer to = FloatBuffer.wrap(floats);
        while (to.hasRemaining()) {
            to.put(switch (this) {
                case FLOAT64 -> (float) from.getDouble();
                case BFLOAT16 -> Float.intBitsToFloat(from.getShort() << 16);
                case FLOAT16 -> half(from.getShort());
                default -> throw new IllegalStateException(this + " are no floats");
            });
        }
        return floats;
    }

    /** IEEE 754's binary16: a sign, 5 bits of exponent with bias 15, 10 of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size = exponent == 0 ? fraction * 0x1p-24f
                : Float.intBitsToFloat((exponent == 0x1f ? 0xff : exponent + 112) << 23 | fraction << 13);
        return bits < 0 ? -size : size;
    }
}
