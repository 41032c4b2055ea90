package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A Java without fonts, as on a bare host. */
class FontsTest {

    /** What the other Java runs. */
    public static final class Probe {
        public static void main(String[] args) {
            try {
                Fonts.require();
                System.out.println("fonts found");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aHostWithoutFontsIsToldWhatToInstall(@TempDir Path folder) throws Exception {
        Path none = folder.resolve("fonts.conf");
        Files.writeString(none, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        assertThat(probe(none, folder)).isEqualTo("No fonts on this host: install fontconfig and a font "
                + "(Debian: apt-get install fontconfig fonts-dejavu-core; "
                + "Amazon Linux: dnf install fontconfig dejavu-sans-fonts) and restart Java.");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aHostWithFontsIsNot(@TempDir Path folder) throws Exception {
        assertThat(probe(null, folder)).isEqualTo("fonts found");
    }

    private static String probe(Path fontConfig, Path home) throws Exception {
        String classes = Path.of(Fonts.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                + File.pathSeparator
                + Path.of(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        // Java remembers the fonts of a host in the home folder.
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true", "-Duser.home=" + home, "-cp", classes, Probe.class.getName());
        java.redirectErrorStream(true);
        if (fontConfig != null) {
            java.environment().put("FONTCONFIG_FILE", fontConfig.toString());
        }
        Process process = java.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
