package verger.networks.builtin;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import verger.networks.builtin.TorchWeights.Tensor;

/** Made-up weights of torchvision's ResNet50, as features/torchvision/resnet50.py makes them, and files of three formats. */
final class StateDicts {

    private static final List<Integer> BLOCKS = List.of(3, 4, 6, 3);

    private StateDicts() {
    }

    /** Of so many filters in the first layer, where torchvision has 64. */
    static Map<String, Tensor> resnet50(int width, int classes) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        convolution(shapes, "conv1", "bn1", 3, width, 7);
        int channels = width;
        for (int stage = 0; stage < BLOCKS.size(); stage++) {
            int planes = width << stage;
            for (int block = 0; block < BLOCKS.get(stage); block++) {
                String name = "layer" + (stage + 1) + "." + block + ".";
                convolution(shapes, name + "conv1", name + "bn1", channels, planes, 1);
                convolution(shapes, name + "conv2", name + "bn2", planes, planes, 3);
                convolution(shapes, name + "conv3", name + "bn3", planes, 4L * planes, 1);
                if (block == 0) {
                    convolution(shapes, name + "downsample.0", name + "downsample.1", channels, 4L * planes, 1);
                }
                channels = 4 * planes;
            }
        }
        shapes.put("fc.weight", new long[] {classes, channels});
        shapes.put("fc.bias", new long[] {classes});
        return seeded(shapes);
    }

    private static void convolution(Map<String, long[]> shapes, String name, String norm, long in, long out, long kernel) {
        shapes.put(name + ".weight", new long[] {out, in, kernel, kernel});
        for (String vector : List.of("weight", "bias", "running_mean", "running_var")) {
            shapes.put(norm + "." + vector, new long[] {out});
        }
    }

    /** Each tensor's place in the order is its seed. */
    static Map<String, Tensor> seeded(Map<String, long[]> shapes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            double high = shape.length > 1
                    ? Math.sqrt(6.0 / Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b)) * (shape.length == 2 ? 0.2 : 1)
                    : name.endsWith("running_var") ? 1.5 : name.endsWith("weight") ? 0.9 : 0.1;
            double low = shape.length > 1 || high == 0.1 ? -high : high == 1.5 ? 0.5 : 0.4;
            tensors.put(name, new Tensor(shape, numbers(tensors.size(), low, high, shape)));
        });
        return tensors;
    }

    static float[] numbers(long seed, double low, double high, long... shape) {
        SplittableRandom random = new SplittableRandom(seed); // Java's is a SplitMix64
        float[] numbers = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (low + (high - low) * ((random.nextLong() >>> 40) * 0x1p-24));
        }
        return numbers;
    }

    /** As {@code torch.save} wrote it before PyTorch 1.6. */
    static Path writeLegacy(Map<String, Tensor> tensors, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e"));
            out.write(pickle(tensors));
            StringBuilder keys = new StringBuilder("](");
            for (int i = 0; i < tensors.size(); i++) {
                keys.append(TorchFile.text(Integer.toString(i)));
            }
            out.write(TorchFile.pickle(keys + "e"));
            for (Tensor tensor : tensors.values()) {
                out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(tensor.values().length).array());
                out.write(bytes(tensor));
            }
        }
        return file;
    }

    /** As {@code torch.save} writes it since. */
    static Path writeZip(Map<String, Tensor> tensors, Path file) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("data.pkl", pickle(tensors));
        parts.put("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        int key = 0;
        for (Tensor tensor : tensors.values()) {
            parts.put("data/" + key++, bytes(tensor));
        }
        return writeZip(file, ZipEntry.STORED, parts);
    }

    static Path writeZip(Path file, int method, Map<String, byte[]> parts) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                ZipEntry entry = new ZipEntry("weights/" + part.getKey());
                CRC32 crc = new CRC32();
                crc.update(part.getValue());
                entry.setMethod(method);
                entry.setSize(part.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(part.getValue());
            }
        }
        return file;
    }

    static Path writeSafetensors(Map<String, Tensor> tensors, Path file) throws IOException {
        List<String> header = new ArrayList<>();
        long at = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            long end = at + tensor.getValue().values().length * 4L;
            header.add("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(tensor.getKey(),
                    Arrays.toString(tensor.getValue().shape()), at, end));
            at = end;
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(safetensors("{" + String.join(",", header) + "}"));
            for (Tensor tensor : tensors.values()) {
                out.write(bytes(tensor));
            }
        }
        return file;
    }

    /** The beginning of a file: a header with its length before it. */
    static byte[] safetensors(String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array();
    }

    static byte[] pickle(Map<String, Tensor> tensors) {
        List<String> names = List.copyOf(tensors.keySet());
        return TorchFile.pickle(TorchFile.dict(names.stream().map(name -> {
            Tensor tensor = tensors.get(name);
            return TorchFile.entry(name, TorchFile.tensor(Integer.toString(names.indexOf(name)), "FloatStorage",
                    tensor.values().length, 0, tensor.shape(), strides(tensor.shape())));
        }).collect(Collectors.joining())));
    }

    private static long[] strides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape[d];
        }
        return strides;
    }

    static byte[] bytes(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(tensor.values().length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        return bytes.array();
    }
}
