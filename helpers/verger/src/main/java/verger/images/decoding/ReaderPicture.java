package verger.images.decoding;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

/** A picture that a reader of ImageIO decodes. */
abstract class ReaderPicture implements PictureFile {

    private final ImageReader reader;
    private final int width;
    private final int height;

    /**
     * Gives the reader its stream.
     *
     * @param ignoreMetadata false if the reader finds transparency in it
     */
    ReaderPicture(ImageReader reader, Slices stream, int width, int height, boolean ignoreMetadata) {
        this.reader = reader;
        this.width = width;
        this.height = height;
        reader.setInput(stream, true, ignoreMetadata);
    }

    @Override
    public final int width() {
        return width;
    }

    @Override
    public final int height() {
        return height;
    }

    @Override
    public int orientation() {
        return Orientation.UPRIGHT;
    }

    @Override
    public long besideBytes() {
        return 0;
    }

    @Override
    public boolean isCut() {
        return false;
    }

    /** The profile that the file gives its colours by; null where there is none. */
    byte[] profile() {
        return null;
    }

    /** What the reader takes beside the pixels that it returns. */
    abstract long readerBytes(int step);

    @Override
    public long heapBytes(int step) {
        return Bounds.pixels(this, step) * bitsPerPixel() / 8 + readerBytes(step);
    }

    /** Bits of a pixel as the reader returns it. */
    abstract long bitsPerPixel();

    static long bitsPerPixel(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0); // the first is what read() makes
        if (!types.hasNext()) {
            return 32;
        }
        SampleModel samples = types.next().getSampleModel();
        return samples.getNumBands() * (long) DataBuffer.getDataTypeSize(samples.getDataType());
    }

    final ImageReader reader() {
        return reader;
    }

    @Override
    public Picture read(int step) throws IOException, UndecodableException {
        return Samples.rgb(decoded(step, PictureFile.offset(step), PictureFile.offset(step)), profile());
    }

    final BufferedImage decoded(int step, int offsetX, int offsetY) throws IOException, UndecodableException {
        ImageReadParam every = reader.getDefaultReadParam();
        every.setSourceSubsampling(step, step, offsetX, offsetY);
        // ImageIO fills what is missing or damaged in a JPEG with grey and only warns.
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, message) -> warnings.add(message));
        BufferedImage image = reader.read(0, every);
        for (String warning : warnings) {
            if (warning.contains("premature end")) {
                throw UndecodableException.truncated();
            }
            if (warning.contains("bad Huffman code")) {
                throw UndecodableException.broken(warning);
            }
        }
        return image;
    }

    @Override
    public final void close() {
        reader.dispose();
    }
}
