package verger.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Runs a benchmark from the command line and prints its tables. */
public final class Main {

    private static final int WRONG_USAGE = 2;

    private Main() {
    }

    /** {@code pca} or {@code memory} and its options; the exit code is 2 if they are wrong. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (Arrays.asList(arguments).contains("--help")) {
            out.print(Options.USAGE);
            return;
        }
        try {
            String benchmark = arguments.length == 0 ? "" : arguments[0];
            if (!List.of("pca", "memory").contains(benchmark)) {
                throw new UsageException("The benchmarks are pca and memory: see helpers/bench/run --help.");
            }
            Options options = Options.parse(Arrays.asList(arguments).subList(1, arguments.length));
            if (benchmark.equals("pca")) {
                run(options, out);
            } else {
                MemoryBenchmark.run(options, out);
            }
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_USAGE);
        }
    }

    /** Measures all sizes, each with its tables as soon as it is done. */
    static List<Result> run(Options options, PrintStream out) throws IOException {
        List<Result> results = new ArrayList<>();
        try (SparkSession spark = SparkSession.builder().master("local[*]").appName("verger-bench")
                .config("spark.ui.enabled", false).getOrCreate()) {
            PcaBenchmark benchmark = new PcaBenchmark(spark, options);
            for (int rows : options.rows()) {
                Result result = benchmark.run(rows);
                results.add(result);
                out.println(MarkdownReport.of(result));
                if (options.json().isPresent()) {
                    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValue(options.json().get().toFile(), results);
                }
            }
        }
        return results;
    }
}
