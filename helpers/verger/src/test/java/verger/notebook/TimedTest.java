package verger.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimedTest {

    @ParameterizedTest
    @CsvSource({"0, 0.0 ms", "1234567, 1.2 ms", "99900000, 99.9 ms", "100000000, 0.10 s", "2394000000, 2.39 s"})
    void shortTimesAreInMilliseconds(long nanoseconds, String text) {
        assertThat(Timed.text(nanoseconds)).isEqualTo(text);
    }

    @Test
    void theResultIsReturnedAndTheTimePrinted() {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Timed.print("Forty-two", () -> 42)).isEqualTo(42);
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).matches("Forty-two in \\d+\\.\\d+ m?s\\R");
    }
}
