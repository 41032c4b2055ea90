package verger.images.decoding;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;

/** The first page of a TIFF, by the JDK's reader, which gets the tags that make pixels and no other. */
final class TiffPicture extends ReaderPicture {

    private final TiffLayout layout;
    private final long bitsPerPixel;

    private TiffPicture(TiffLayout layout, Slices stream) throws IOException {
        super(JdkReaders.of("tiff"), stream, layout.width(), layout.height(), true);
        this.layout = layout;
        this.bitsPerPixel = bitsPerPixel(reader());
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        TiffLayout layout = new TiffLayout(file);
        return new TiffPicture(layout, layout.stream());
    }

    @Override
    public int orientation() {
        return layout.orientation();
    }

    @Override
    byte[] profile() {
        return layout.profile();
    }

    @Override
    public long samples() {
        return layout.samples();
    }

    @Override
    public long besideBytes() {
        return layout.nativeBytes();
    }

    @Override
    long bitsPerPixel() {
        return bitsPerPixel;
    }

    @Override
    long readerBytes(int step) {
        return layout.stripBytes(bitsPerPixel);
    }

    @Override
    public long heapBytes(int step) {
        return super.heapBytes(layout.hasDeepDifferences() ? 1 : step);
    }

    @Override
    public Picture read(int step) throws IOException, UndecodableException {
        int offset = PictureFile.offset(step);
        BufferedImage image;
        if (layout.hasDeepDifferences()) {
            image = decoded(1, 0, 0);
            sum(image.getRaster(), layout.tileWidth());
            image = Samples.every(step, offset, offset, image);
        } else {
            image = decoded(step, offset, offset);
        }
        Samples.Meaning meaning = layout.meaning(image.getColorModel(), image.getRaster().getNumBands());
        return meaning == null ? Samples.rgb(image, profile()) : Samples.rgb(image, profile(), meaning);
    }

    /** Makes samples of 16 bits of their differences to those on their left in the tile (TIFF 6.0, section 14). */
    private static void sum(WritableRaster raster, int tileWidth) {
        int bands = raster.getNumBands();
        int[] row = new int[raster.getWidth() * bands];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, raster.getWidth(), 1, row);
            for (int x = 1; x < raster.getWidth(); x++) {
                for (int i = x * bands; x % tileWidth != 0 && i < (x + 1) * bands; i++) {
                    row[i] = row[i] + row[i - bands] & 0xFFFF;
                }
            }
            raster.setPixels(0, y, raster.getWidth(), 1, row);
        }
    }
}
