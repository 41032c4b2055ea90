package verger.pca;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import verger.pca.linalg.Blas;

/** A JVM of its own, for what is decided once in a JVM: which linear algebra a PCA uses, and what it loads beside it. */
final class Child {

    /** What a child came to. */
    record Outcome(int exitCode, String out, String err) {

        /** The numbers of a line that begins with a name. */
        double[] numbers(String name) {
            String line = out.lines().filter(l -> l.startsWith(name + " ")).findFirst()
                    .orElseThrow(() -> new AssertionError("No line " + name + " in: " + out + err));
            return Arrays.stream(line.substring(name.length() + 1).split(" ")).mapToDouble(Double::parseDouble).toArray();
        }
    }

    private Child() {
    }

    static Outcome run(Path folder, Map<String, String> environment, List<String> options, String task) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // it lives for seconds
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-opens")) {
                command.add(argument);
            }
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName(), task));
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
        // What the machine sets is of no concern here: OpenBLAS chooses its kernels itself.
        builder.environment().remove("OPENBLAS_CORETYPE");
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The child did not end: " + Files.readString(err.toPath()));
        }
        return new Outcome(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    }

    public static void main(String[] tasks) throws Exception {
        switch (tasks[0]) {
            case "core" -> core();
            case "fit" -> fit();
            case "refused" -> refused();
            case "netlib first" -> {
                System.out.println("first " + dev.ludovic.netlib.blas.NativeBLAS.getInstance()
                        .ddot(2, new double[] {1, 2}, 1, new double[] {3, 4}, 1));
                fit();
            }
            default -> throw new IllegalArgumentException(tasks[0]);
        }
    }

    static double[][] rows() {
        return LocalSpark.gaussian(300, 40, 3, 23);
    }

    /** Both ways to a spectrum, without Spark. */
    private static void core() {
        for (double[][] rows : new double[][][] {rows(), LocalSpark.gaussian(12, 40, 3, 23)}) {
            Moments moments = new Moments(40, false);
            for (double[] row : rows) {
                moments.add(row);
            }
            moments.close();
            Spectrum spectrum = Spectrum.of(moments);
            print("variances" + rows.length, spectrum.variances());
            print("components" + rows.length, spectrum.components());
        }
        System.out.println("blas " + Blas.best().getClass().getSimpleName());
    }

    private static void fit() {
        PrincipalComponentsModel model = new PrincipalComponents().setK(33).fit(LocalSpark.features(rows()));
        print("variances", model.spectrum().variances());
        print("components", model.spectrum().components());
        print("projected", projected(model));
        print("cut", projected(model.cut(model.componentsFor(0.5))));
        System.out.println("blas " + Blas.best().getClass().getSimpleName());
        LocalSpark.session().stop();
    }

    private static void refused() {
        for (int times = 0; times < 2; times++) {
            try {
                new PrincipalComponents().fit(LocalSpark.features(rows()));
            } catch (Throwable e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
        LocalSpark.session().stop();
    }

    static double[] projected(PrincipalComponentsModel model) {
        return model.transform(LocalSpark.features(rows())).collectAsList().stream()
                .flatMapToDouble((Row row) -> Arrays.stream(row.<Vector>getAs("pca").toArray())).toArray();
    }

    private static void print(String name, double[] values) {
        StringBuilder line = new StringBuilder(name);
        for (double value : values) {
            line.append(' ').append(value);
        }
        System.out.println(line);
    }
}
