package verger.kernel.remote;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Where a kernel listens, as Jupyter's connection files say it.
 *
 * @param ports shell, iopub, stdin, control and heartbeat
 * @param key   with which messages are signed
 */
record Connection(List<Integer> ports, String key) {

    static Connection on(List<Integer> ports) {
        return new Connection(ports, UUID.randomUUID().toString());
    }

    /** The content of the connection file. */
    String json() {
        return "{" + fields() + "}";
    }

    /** The same, and what an Enterprise Gateway wants to know beside it. */
    String json(String kernelId, long pid, int commPort) {
        return String.format(Locale.ROOT, "{%s, \"pid\": %d, \"comm_port\": %d, \"kernel_id\": \"%s\"}",
                fields(), pid, commPort, kernelId.replaceAll("[\"\\\\\\p{Cntrl}]", ""));
    }

    private String fields() {
        return String.format(Locale.ROOT, "\"shell_port\": %d, \"iopub_port\": %d, \"stdin_port\": %d, \"control_port\": %d, "
                + "\"hb_port\": %d, \"ip\": \"0.0.0.0\", \"transport\": \"tcp\", \"signature_scheme\": \"hmac-sha256\", "
                + "\"key\": \"%s\"",
                ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), key);
    }
}
