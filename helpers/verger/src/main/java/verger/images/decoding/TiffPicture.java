package verger.images.decoding;

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
    boolean hidesAlpha() {
        return layout.hasUnspecifiedSample();
    }

    @Override
    long bitsPerPixel() {
        return bitsPerPixel;
    }

    @Override
    long readerBytes(int step) {
        return layout.stripBytes(bitsPerPixel);
    }
}
