package verger.networks.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.networks.Networks;
import verger.networks.weights.ChildJvm;

/** The JVM that reads weights gets the memory that they explain, and not what a file says of itself. */
class ConversionTest {

    private static final long MIB = 1 << 20;
    /** Its parameters without a classifier, keras.io/api/applications, and 65,536 classes of 2,049. */
    private static final long RESNET50 = 4 * (23_587_712 + 65_536 * 2_049L);

    @TempDir
    Path dir;

    /** Numbers that hardly shrink, as weights do; zeros that shrink to nothing; a directory that says more than there is. */
    @ParameterizedTest
    @CsvSource({"100000000, 100000000", "631483904, 631483904", "631483905, 631483904", "4294967294, 631483904"})
    void aZipIsReadWithinTheMemoryOfItsNetwork(long said, long counted) throws IOException {
        assertThat(RESNET50).isEqualTo(631_483_904);
        Path zip = zip(said);

        ChildJvm.Bounds bounds = Conversion.bounds(zip, ZooNetwork.of(Networks.RESNET50).mostParameterBytes());

        assertThat(bounds).isEqualTo(new ChildJvm.Bounds(384 * MIB + 4 * counted, 1536 * MIB + 4 * counted,
                120 + counted / MIB));
    }

    @Test
    void anotherFileIsReadWithinTheMemoryOfItsSize() throws IOException {
        Path zip = zip(10);
        Path damaged = Files.write(dir.resolve("cut.zip"), new byte[] {'P', 'K', 3, 4, 0});
        Path keras = Files.write(dir.resolve("weights.h5"), new byte[1000]);
        for (Path file : new Path[] {zip, damaged, keras}) {
            assertThat(Conversion.bounds(file, 0).heap()).isEqualTo(384 * MIB + 4 * Files.size(file));
        }
    }

    /** A zip whose directory says that its parameters have so many bytes. */
    private Path zip(long said) throws IOException {
        Path zip = dir.resolve("model.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("coefficients.bin"));
            out.write(new byte[1000]);
        }
        byte[] bytes = Files.readAllBytes(zip);
        int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, (int) said); // APPNOTE.TXT 4.3.12
        Files.write(zip, bytes);
        try (ZipFile changed = new ZipFile(zip.toFile())) {
            assertThat(Dl4jZip.parameterBytes(changed)).isEqualTo(said);
        }
        return zip;
    }
}
