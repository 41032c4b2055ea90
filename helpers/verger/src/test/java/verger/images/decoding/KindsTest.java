package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a file is, its first bytes say and nothing else. */
class KindsTest {

    /** The head of the training labels of MNIST, which the JDK takes for a WBMP of 8 × 3. */
    @ParameterizedTest
    @CsvSource({"0000080100002710", "0000080300002710", "00000803", "0000"})
    void aFileThatBeginsWithTwoZerosIsNoPicture(String head) {
        assertThat(Decoder.refusal(HexFormat.of().parseHex(head))).isEqualTo(Kinds.NOT_AN_IMAGE);
    }

    static Stream<String> heads() {
        return Stream.of(
                "\0\0\0\30ftypheic\0\0\0\0mif1heic|unsupported: HEIC, as iPhones write it; share the picture as JPEG, and choose "
                        + "Settings, Camera, Formats, Most Compatible for those to come",
                "\0\0\0\30ftypmif1\0\0\0\0mif1heic|unsupported: HEIC",
                "\0\0\0\34ftypmif1\0\0\0\0mif1avifmiaf|unsupported: AVIF; save or share the picture as JPEG",
                "\0\0\0\30ftypavis\0\0\0\0avifavis|unsupported: AVIF",
                "\0\0\0\30ftypcrx \0\0\0\1crx isom|unsupported: a raw photograph",
                "\0\0\0\30ftypisom\0\0\2\0isomavc1|not an image",
                "II*\0\20\0\0\0CR\2\0|unsupported: a raw photograph",
                "II+\0\b\0\0\0|unsupported: a BigTIFF",
                "\0\0\0\fJXL \r\n|unsupported: JPEG XL",
                "\0\0\0\fjP  \r\n|unsupported: JPEG 2000",
                "8BPS\0\1|unsupported: a file of Photoshop",
                "BMW, an essay on cars|not an image",
                "BM|not an image",
                "RIFF\20\0\0\0WAVEfmt |not an image",
                "<svg xmlns=|not an image",
                "%PDF-1.7|not an image");
    }

    @ParameterizedTest
    @MethodSource("heads")
    void whatIsNotReadIsNamed(String headAndReason) {
        String[] parts = headAndReason.split("\\|", -1);

        assertThat(Decoder.refusal(parts[0].getBytes(StandardCharsets.ISO_8859_1))).startsWith(parts[1]);
    }

    @ParameterizedTest
    @CsvSource({"444.jpg", "grey-alpha.png", "lossy.webp", "tiles.tif", "strips.tif"})
    void whatIsReadIsTakenFromItsBytes(String name) throws IOException {
        assertThat(Decoder.refusal(file(name))).isNull();
    }

    @Test
    void anAvifThatPillowWroteIsNamed() throws IOException {
        assertThat(Decoder.refusal(file("picture.avif"))).startsWith("unsupported: AVIF");
    }

    private static byte[] file(String name) throws IOException {
        try (var in = KindsTest.class.getResourceAsStream("/images/formats/" + name)) {
            return in.readAllBytes();
        }
    }
}
