package verger.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.weights.Checksums;

/** A bare server or a cron job sets no language: {@code LC_ALL=C}, where Java takes all text for ASCII. */
class LocaleTest {

    private static final String SENTENCE =
            "too large: 30000 × 30000 pixels take 2700 million samples of work, more than 2000 million";

    @TempDir
    Path folder;

    @Test
    void sentencesKeepTheirLetters() throws Exception {
        List<String> lines = child("sentence");

        assertThat(lines).containsExactly("US-ASCII", hex(SENTENCE), hex(SENTENCE),
                // printf 'Pêche × 1' | sha256sum
                "4b186ea027d730b99d842bd04dc5d0d39a28d2d553b5dd2797cce95ca46b9347");
    }

    @Test
    void filesWithPlainNamesAreListedAndRead() throws Exception {
        byte[] red = TestImages.jpeg(20, Color.RED);
        TestImages.write(folder.resolve("photos/Apple 1/a+b %25.jpg"), red);
        TestImages.write(folder.resolve("photos/Fig/0.jpg"), TestImages.jpeg(20, Color.BLUE));

        assertThat(child("list")).containsExactly("US-ASCII",
                folder + "/photos/Apple 1/a+b %25.jpg|Apple 1|" + RgbImage.decode(red).hashCode(),
                folder + "/photos/Fig/0.jpg|Fig|" + RgbImage.decode(TestImages.jpeg(20, Color.BLUE)).hashCode());
    }

    @Test
    void filesWithAccentsAndWithBytesThatAreNoTextAreListedAndRead() throws Exception {
        Path peach = folder.resolve("photos").resolve("Pêche");
        TestImages.write(peach.resolve("été.jpg"), "summer".getBytes(StandardCharsets.US_ASCII));
        TestImages.write(OddFilesTest.named(peach, "caf%E9.jpg"), "latin".getBytes(StandardCharsets.US_ASCII));
        TestImages.write(peach.resolve("日本.jpg"), "japan".getBytes(StandardCharsets.US_ASCII));

        String label = hex("Pêche");
        assertThat(child("odd")).containsExactly("US-ASCII",
                hex(peach + "/été.jpg") + "|" + label + "|summer|true",
                hex(peach + "/日本.jpg") + "|" + label + "|japan|true",
                hex("file://" + folder + "/photos/P%C3%AAche/caf%E9.jpg") + "|" + label + "|latin|true");
        assertThat(child("watched")).containsExactly("US-ASCII", hex(peach + "/été.jpg") + "|summer",
                hex(peach + "/日本.jpg") + "|japan");
    }

    private List<String> child(String task) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-opens")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LocaleTest.class.getName(), task,
                folder.resolve("photos").toString()));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // may name an encoding
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The child did not end: " + Files.readString(err));
        }
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readAllLines(out);
    }

    /** The child: prints ASCII alone, so that its own output does not depend on the language. */
    public static void main(String[] args) throws Exception {
        System.out.println(Charset.defaultCharset());
        if (args[0].equals("list")) {
            for (ListedFile file : ImageReader.listing(args[1], new Configuration()).files()) {
                RgbImage image = RgbImage.decode(HadoopFilesTest.travelled(file).read(new Configuration()));
                System.out.println(file.origin() + "|" + file.folder() + "|" + image.hashCode());
            }
            return;
        }
        if (args[0].equals("watched")) {
            for (ListedFile file : UnreadableFoldersTest.watched(args[1])) {
                byte[] content = file.read(new Configuration());
                System.out.println(hex(file.origin()) + "|" + new String(content, StandardCharsets.US_ASCII));
            }
            return;
        }
        if (args[0].equals("odd")) {
            for (ListedFile file : ImageReader.listing(args[1] + "/P\u00eache", new Configuration()).files()) {
                byte[] content = HadoopFilesTest.travelled(file).read(new Configuration());
                ListedFile again = ImageReader.listing(file.origin(), new Configuration()).files().get(0);
                System.out.println(
                        hex(file.origin()) + "|" + hex(file.folder()) + "|" + new String(content, StandardCharsets.US_ASCII)
                                + "|" + again.origin().equals(file.origin()));
            }
            return;
        }
        System.out.println(hex(reason(UnreadFile.because(SENTENCE))));
        System.out.println(hex(reason(TestImages.pngHeader(30_000, 30_000))));
        System.out.println(Checksums.sha256("Pêche × 1"));
    }

    private static String reason(byte[] content) {
        try {
            return RgbImage.decode(content).toString();
        } catch (UnusableImageException e) {
            return e.getMessage();
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
