package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {

    private static final Path BUCKET = Path.of("/data/fruits");

    @ParameterizedTest
    @CsvSource({
        "Training/Apple Braeburn/0_100.jpg, Training/Apple Braeburn/0_100.jpg",
        "a+b&c/d=e.jpg, a+b&c/d=e.jpg",
        "41%/100%25.jpg, 41%25/100%2525.jpg",
        "folder/, folder/%",
        "a//b, a/%/b",
        "../../etc/passwd, %2E%2E/%2E%2E/etc/passwd",
        "./.hidden, %2E/.hidden",
        "/absolute, %/absolute"})
    void everyKeyHasAFileOfItsOwnInTheBucket(String key, String file) {
        assertThat(KeyFiles.file(BUCKET, key)).isEqualTo(BUCKET.resolve(file));
        assertThat(KeyFiles.key(BUCKET, BUCKET.resolve(file))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pêche/🍑.jpg", "tab\tand\nline", "percent%", "folder/", "a//b"})
    void whatAFileNameCannotHoldComesBack(String key) {
        assertThat(KeyFiles.key(BUCKET, KeyFiles.file(BUCKET, key))).isEqualTo(key);
        assertThat(KeyFiles.key(BUCKET, KeyFiles.besideFolder(KeyFiles.file(BUCKET, key)))).isEqualTo(key);
    }
}
