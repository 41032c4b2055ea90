package verger.box.s3;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@link S3Server}. */
record Options(int port, Path data, List<String> buckets) {

    static final String USAGE = """
            Usage: S3Server [--port PORT] [--data FOLDER] [--bucket NAME]...
              --port    of 127.0.0.1; default 0, any that is free
              --data    where objects are kept, a folder for each bucket; default s3-data
              --bucket  made if it does not exist
            It accepts the credentials of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without them a pair that it prints.""";

    /** @throws IllegalArgumentException if an argument is unknown or no port */
    static Options of(String... arguments) {
        int port = 0;
        Path data = Path.of("s3-data");
        List<String> buckets = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("There is no value for " + arguments[i]);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--port" -> port = port(value);
                case "--data" -> data = Path.of(value);
                case "--bucket" -> buckets.add(value);
                default -> throw new IllegalArgumentException("There is no option " + arguments[i]);
            }
        }
        return new Options(port, data, buckets);
    }

    private static int port(String value) {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new IllegalArgumentException("A port is a number from 0 to 65535: got " + value);
        }
        return Integer.parseInt(value);
    }
}
