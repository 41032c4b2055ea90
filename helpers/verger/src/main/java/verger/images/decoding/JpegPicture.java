package verger.images.decoding;

import java.io.IOException;

/** A JPEG, by the JDK's reader, which goes by rows where the coding lets it. */
final class JpegPicture extends ReaderPicture {

    private final JpegHeader header;

    private JpegPicture(JpegHeader header) throws IOException {
        super(JdkReaders.of("jpeg"), header.stream(), header.width(), header.height(), true);
        this.header = header;
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        return new JpegPicture(new JpegHeader(file, 0, file.length));
    }

    @Override
    public int orientation() {
        return header.orientation();
    }

    @Override
    byte[] profile() {
        return header.profile();
    }

    @Override
    public long samples() {
        return header.samples();
    }

    @Override
    public long besideBytes() {
        return header.nativeBytes();
    }

    @Override
    long bitsPerPixel() {
        return 8L * header.components();
    }

    /** A row as it is decoded and one as it is kept. */
    @Override
    long readerBytes(int step) {
        return 2L * width() * header.components();
    }
}
