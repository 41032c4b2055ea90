package verger.kernel;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private static final WarmUp.Step GOOD = new WarmUp.Step("int good = 1;", false);
    private static final WarmUp.Step MISTAKE = new WarmUp.Step("int mistake = nosuch;", true);

    @Test
    void aMistakeOnPurposeIsNone() {
        assertThatCode(() -> WarmUp.run(TestKernel.get(), List.of(GOOD, MISTAKE))).doesNotThrowAnyException();
    }

    @Test
    void aStepThatFailsWouldLeaveItsClassesOut() {
        assertThatThrownBy(() -> WarmUp.run(TestKernel.get(), List.of(GOOD, new WarmUp.Step("\nint k = nosuch;\n", false))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The kernel could not be warmed up: int k = nosuch; fails");
    }

    @Test
    void aMistakeThatIsNoneMoreIsFound() {
        assertThatThrownBy(() -> WarmUp.run(TestKernel.get(), List.of(new WarmUp.Step("1 + 1", true))))
                .isInstanceOf(IllegalStateException.class).hasMessage("The kernel could not be warmed up: 1 + 1 does not fail");
    }
}
