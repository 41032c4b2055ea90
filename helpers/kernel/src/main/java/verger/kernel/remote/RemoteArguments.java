package verger.kernel.remote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an Enterprise Gateway tells the launcher of a remote kernel: {@code --RemoteProcessProxy.kernel-id …} and so on.
 *
 * @param kernelId     the gateway's name for the kernel
 * @param responseHost where the gateway waits for the kernel's ports
 * @param responsePort likewise
 * @param publicKey    the gateway's RSA key, X.509 in base64
 * @param ports        those that the kernel may listen on
 * @param startsSpark  whether the kernel starts Spark before a cell asks for it
 */
public record RemoteArguments(
        String kernelId, String responseHost, int responsePort, String publicKey, PortRange ports, boolean startsSpark) {

    private static final String PREFIX = "--RemoteProcessProxy.";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException that names the argument which is missing or cannot be read
     */
    public static RemoteArguments parse(String... arguments) {
        Map<String, String> values = values(arguments);
        String address = required(values, "response-address");
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException(PREFIX + "response-address is host:port: got " + address);
        }
        String mode = values.getOrDefault("spark-context-initialization-mode", "none").toLowerCase(Locale.ROOT);
        if (!List.of("none", "lazy", "eager").contains(mode)) {
            throw new IllegalArgumentException(
                    PREFIX + "spark-context-initialization-mode is none, lazy or eager: got " + mode);
        }
        return new RemoteArguments(
                required(values, "kernel-id"),
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)),
                required(values, "public-key"),
                PortRange.parse(values.getOrDefault("port-range", "0..0")),
                !mode.equals("none"));
    }

    private static Map<String, String> values(String... arguments) {
        Map<String, String> values = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            // Both "--name value" and "--name=value"; a key in base64 may end in "=".
            int equals = argument.startsWith(PREFIX) ? argument.indexOf('=') : -1;
            words.addAll(
                    equals < 0 ? List.of(argument) : List.of(argument.substring(0, equals), argument.substring(equals + 1)));
        }
        for (int i = 0; i < words.size(); i += 2) {
            if (!words.get(i).startsWith(PREFIX)) {
                throw new IllegalArgumentException("A remote kernel takes " + PREFIX + "… only: got " + words.get(i));
            }
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(words.get(i) + " needs a value");
            }
            values.put(words.get(i).substring(PREFIX.length()), words.get(i + 1));
        }
        return values;
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(PREFIX + name + " is missing: an Enterprise Gateway puts it into {"
                    + name.replace('-', '_') + "} of the kernelspec's argv");
        }
        return value;
    }
}
