package verger.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Draws the whole sample into the folder given as the only argument. */
public final class DrawSample {

    private DrawSample() {
    }

    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: DrawSample <folder>, for instance: DrawSample data-sample");
            System.exit(2);
        }
        Path folder = Path.of(args[0]);
        long bytes = Picture.all().parallelStream().mapToLong(picture -> write(picture, folder)).sum();
        System.out.printf(Locale.ROOT, "%d pictures, %.2f MB, in %s%n", Picture.all().size(), bytes / 1e6, folder);
    }

    private static long write(Picture picture, Path folder) {
        try {
            byte[] jpeg = Jpeg.encode(picture.render());
            Path file = folder.resolve(picture.path());
            Files.createDirectories(file.getParent());
            Files.write(file, jpeg);
            return jpeg.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
