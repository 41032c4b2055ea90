package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AwsChunkedInputStreamTest {

    @Test
    void signedChunksAreOneContent() throws IOException {
        assertThat(decoded("5;chunk-signature=ab\r\nhello\r\n3;chunk-signature=cd\r\n\r\n!\r\n0;chunk-signature=ef\r\n\r\n"))
                .isEqualTo("hello\r\n!");
    }

    @Test
    void trailersAreNoContent() throws IOException {
        assertThat(decoded("a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n")).isEqualTo("0123456789");
    }

    @Test
    void noContentIsNone() throws IOException {
        assertThat(decoded("0;chunk-signature=ab\r\n\r\n")).isEmpty();
    }

    @Test
    void aBodyThatEndsTooEarlyIsNoShorterContent() {
        assertThatThrownBy(() -> decoded("5\r\nhel")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> decoded("5\r\nhello\r\n")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> decoded("five\r\nhello\r\n")).isInstanceOf(IOException.class).hasMessageContaining("five");
    }

    private static String decoded(String encoded) throws IOException {
        byte[] bytes = encoded.getBytes(StandardCharsets.US_ASCII);
        return new String(new AwsChunkedInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), StandardCharsets.US_ASCII);
    }
}
