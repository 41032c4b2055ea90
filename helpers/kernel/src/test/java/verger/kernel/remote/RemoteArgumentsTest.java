package verger.kernel.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteArgumentsTest {

    private static final String[] ALL = {
        "--RemoteProcessProxy.kernel-id", "4d5e", "--RemoteProcessProxy.response-address", "10.0.0.1:8877",
        "--RemoteProcessProxy.public-key", "MIGf==", "--RemoteProcessProxy.port-range", "40000..41000",
        "--RemoteProcessProxy.spark-context-initialization-mode", "lazy"};

    @Test
    void readsWhatAGatewayPasses() {
        assertThat(RemoteArguments.parse(ALL))
                .isEqualTo(new RemoteArguments("4d5e", "10.0.0.1", 8877, "MIGf==", new PortRange(40000, 41000), true));
    }

    @Test
    void takesEqualsSignsTooAndKeepsThoseOfTheKey() {
        assertThat(RemoteArguments.parse("--RemoteProcessProxy.kernel-id=4d5e", "--RemoteProcessProxy.response-address=host:1",
                "--RemoteProcessProxy.public-key=MIGf=="))
                .isEqualTo(new RemoteArguments("4d5e", "host", 1, "MIGf==", new PortRange(0, 0), false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--RemoteProcessProxy.response-address h:1 --RemoteProcessProxy.public-key k | kernel-id is missing",
        "--RemoteProcessProxy.kernel-id 1 --RemoteProcessProxy.response-address host --RemoteProcessProxy.public-key k "
                + "| response-address is host:port: got host",
        "--RemoteProcessProxy.kernel-id | --RemoteProcessProxy.kernel-id needs a value",
        "connection.json x | takes --RemoteProcessProxy.… only: got connection.json",
        "--RemoteProcessProxy.kernel-id 1 --RemoteProcessProxy.response-address h:1 --RemoteProcessProxy.public-key k "
                + "--RemoteProcessProxy.port-range 9..8 | port-range is low..high within 1..65535, or 0..0: got 9..8",
        "--RemoteProcessProxy.kernel-id 1 --RemoteProcessProxy.response-address h:1 --RemoteProcessProxy.public-key k "
                + "--RemoteProcessProxy.spark-context-initialization-mode soon | is none, lazy or eager: got soon"})
    void namesWhatIsWrong(String arguments, String message) {
        assertThatThrownBy(() -> RemoteArguments.parse(arguments.split(" ")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
