package verger.images.decoding;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The JDK's own readers: what else is on a class path must not decide what a picture looks like. */
final class JdkReaders {

    private static final String JDK = "com.sun.imageio.plugins.";

    private JdkReaders() {
    }

    /** @param format such as {@code jpeg} */
    static ImageReader of(String format) throws IOException {
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class,
                spi -> spi.getClass().getName().startsWith(JDK)
                        && Arrays.asList(((ImageReaderSpi) spi).getFormatNames()).contains(format),
                false);
        if (!found.hasNext()) {
            throw new IllegalStateException(
                    "This Java has no reader for " + format + ": take a JDK with the module java.desktop");
        }
        return found.next().createReaderInstance();
    }
}
