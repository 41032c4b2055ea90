package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {

    @Test
    void ifTwelveExplain949PerMilleAndThirteen951TheAnswerIsThirteen() {
        double[] shares = new double[20];
        for (int c = 0; c < 12; c++) {
            shares[c] = 0.949 / 12;
        }
        shares[12] = 0.002;
        for (int c = 13; c < 20; c++) {
            shares[c] = 0.049 / 7;
        }
        assertThat(Shares.componentsFor(shares, 0.95)).isEqualTo(13);
        assertThat(Shares.componentsFor(shares, 0.949)).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.5, 1", "0.500001, 2", "0.8, 2", "0.95, 3", "0.96, 4", "1, 4"})
    void aShareReachedExactlyIsReached(double share, int count) {
        assertThat(Shares.componentsFor(new double[] {0.5, 0.3, 0.15, 0.05}, share)).isEqualTo(count);
    }

    @Test
    void componentsOfNoVarianceAreNotNeededForAllOfIt() {
        assertThat(Shares.componentsFor(new double[] {0.7, 0.3, 0, 0}, 1)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
    void aShareOutOfRangeIsRefused(double share) {
        assertThatThrownBy(() -> Shares.componentsFor(new double[] {1}, share))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("got " + share);
    }

    @Test
    void aPercentageGetsTheShareToWrite() {
        assertThatThrownBy(() -> Shares.componentsFor(new double[] {1}, 95)).hasMessage(
                "The share of variance to explain is above 0 and at most 1: got 95.0; write 0.95 for 95.0 %.");
    }
}
