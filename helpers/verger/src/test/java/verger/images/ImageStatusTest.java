package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStatusTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "empty file (0 bytes)|empty",
        "not an image: none of JPEG, PNG|not_an_image",
        "unsupported: HEIC|unsupported",
        "truncated image: the file ends before the picture does|truncated",
        "broken image: bad Huffman code|broken",
        "too large: 300 MB|too_large",
        "gone: the file was deleted after it was listed|unreadable",
        "not permitted: this user may not read the file|unreadable",
        "unreadable: a named pipe|unreadable"})
    void aReasonTellsTheStatus(String reason, String word) {
        assertThat(ImageStatus.of(reason).word()).isEqualTo(word);
        assertThat(new UnusableImageException(reason).status().word()).isEqualTo(word);
    }

    @Test
    void withoutAReasonItCouldBeUsed() {
        assertThat(ImageStatus.of(null)).isEqualTo(ImageStatus.OK);
    }

    @Test
    void aReasonOfANotebooksOwnIsBroken() {
        assertThat(ImageStatus.of("too dark")).isEqualTo(ImageStatus.BROKEN);
    }

    @Test
    void ofADecoderItIsRefused() {
        assertThatThrownBy(() -> new UnusableImageException("it did not work"))
                .hasMessage("No status of an image is known for the reason: it did not work");
    }
}
