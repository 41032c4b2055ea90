package verger.networks.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged {@code .pth} files are read, or refused with the one exception that says so: nothing else is thrown, and nothing takes
 * memory that the file does not explain. So many files with the same seeds each time, or as many as there is time for with
 * {@code -Dverger.fuzz.seconds=600}.
 */
class TorchFuzzTest {

    private static final int FILES = 20_000;

    @TempDir
    Path folder;

    @Test
    void aDamagedFileIsReadOrRefused() throws IOException {
        byte[] whole = TorchFile.with("w", "FloatStorage", 24, 1, new long[] {2, 3}, new long[] {1, 2}).bytes();
        long seconds = Long.getLong("verger.fuzz.seconds", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int read = 0;
        int refused = 0;
        for (int seed = 0; seconds > 0 ? System.nanoTime() < end : seed < FILES; seed++) {
            byte[] damaged = damaged(whole, new Random(seed));
            Path file = Files.write(folder.resolve("a.pth"), damaged);
            try {
                TorchWeights.read(file).values().forEach(tensor -> assertThat(tensor.values().length)
                        .isLessThanOrEqualTo(damaged.length / Float.BYTES));
                read++;
            } catch (TorchWeights.FormatException e) {
                refused++;
            } catch (Throwable e) { // to name the file
                throw new AssertionError("Seed " + seed + ": " + e, e);
            }
        }
        System.out.println("damaged .pth files: " + read + " read, " + refused + " refused");
        assertThat(read).as("changed numbers are still numbers").isPositive();
        assertThat(refused).isPositive();
    }

    /** One to four bytes changed, a part doubled, left out or moved, or the end cut off. */
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = random.nextInt(3) == 0 ? (byte) 0xff : (byte) random.nextInt(256);
        }
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(bytes.length - from);
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, from);
            case 1 -> joined(Arrays.copyOf(bytes, from + length), Arrays.copyOfRange(bytes, from, bytes.length));
            case 2 -> joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, from + length, bytes.length));
            default -> bytes;
        };
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
