package verger.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {

    /** Asked at 1,000,000 ms, answered at 1,002,000. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1000000 | ok     | as the driver's",
        "1001500 | ok     | as the driver's",
        "1003900 | ok     | +1.9 s beside the driver's",
        " 990000 | advice | -10.0 s beside the driver's",
        "1302000 | failed | +300.0 s beside the driver's",
        " 600000 | failed | -400.0 s beside the driver's"})
    void aDifferenceIsWhatLiesOutsideOfTheQuestion(long other, String status, String found) {
        Finding finding = Clock.compared("executor 1", "clock", other, 1_000_000, 1_002_000, 0);
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.found()).isEqualTo(found);
        assertThat(finding.advice().contains("chrony")).isEqualTo(!status.equals("ok"));
    }

    @org.junit.jupiter.api.Test
    void wholeSecondsAreNoDifference() {
        assertThat(Clock.compared("driver", "clock", 999_500, 1_000_000, 1_000_100, 1000).status()).isEqualTo(Finding.OK);
    }
}
