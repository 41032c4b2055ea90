package verger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void rowsAreListedOrRepeated() {
        assertThat(Options.parse(List.of("--rows", "5000,20000", "--rows", "90483")).rows())
                .containsExactly(5000, 20000, 90483);
    }

    @Test
    void fitsAreOfTwelveAndAllComponents() {
        assertThat(Options.parse(List.of("--features", "100")).components()).containsExactly(12, 100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--row 5000 | There is no option --row: see helpers/bench/run --help.",
        "--rows | --rows wants a value.",
        "--rows many | --rows wants a whole number: got \"many\".",
        "--rounds 0 | --rounds wants a whole number from 1 on: got 0.",
        "--rows 2048 | --rows wants more rows than features (2048): got 2048.",
        "--k 3000 | --k wants at most one component a feature (2048): got 3000.",
        "--json nowhere/x.json | --json wants a file in a folder that is there: got nowhere/x.json.",
        "--rows 5000,6000 --write x | --write wants one number of rows: got [5000, 6000].",
    })
    void wrongArgumentsGiveOneSentence(String arguments, String sentence) {
        assertThatThrownBy(() -> Options.parse(List.of(arguments.split(" "))))
                .isInstanceOf(UsageException.class).hasMessage(sentence);
    }
}
