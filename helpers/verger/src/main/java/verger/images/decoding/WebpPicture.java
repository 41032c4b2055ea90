package verger.images.decoding;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;

/** A WebP, or the first frame of one that moves, by the reader of TwelveMonkeys, where it lies on its canvas. */
final class WebpPicture extends ReaderPicture {

    /** Tables of codes that a lossless picture may have, each group five of a kilobyte and their second levels. */
    private static final long MOST_TABLES = 65_536;
    private static final long TABLES_BYTES = 8_000;
    /** A group of five codes takes 20 bits at least. */
    private static final int TABLES_BITS = 20;

    private final WebpChunks chunks;

    private WebpPicture(WebpChunks chunks) throws IOException {
        super(new WebPImageReaderSpi().createReaderInstance(null), chunks.stream(), chunks.canvasWidth(), chunks.canvasHeight(),
                true);
        this.chunks = chunks;
    }

    static PictureFile open(byte[] file) throws IOException, UndecodableException {
        return new WebpPicture(new WebpChunks(file));
    }

    @Override
    public int orientation() {
        return chunks.orientation();
    }

    @Override
    public boolean isCut() {
        return chunks.isCut();
    }

    @Override
    public long samples() {
        return Math.max((long) width() * height() * Picture.CHANNELS,
                (long) chunks.frame().width() * chunks.frame().height() * bands());
    }

    private int bands() {
        return chunks.hasAlpha() ? 4 : 3;
    }

    @Override
    long bitsPerPixel() {
        return 8L * bands() + (chunks.frame().covers(width(), height()) ? 0 : 8L * Picture.CHANNELS);
    }

    /** A lossless picture is unpacked whole, and so is the transparency of another; the rest are modes of blocks. */
    @Override
    long readerBytes(int step) {
        long pixels = (long) chunks.frame().width() * chunks.frame().height();
        long modes = pixels / 2 + 4_000L * (width() / 16 + 3);
        return modes + (chunks.isLossless() ? pixels * (bands() + 1) : chunks.hasAlpha() ? pixels * 5 : 0);
    }

    @Override
    public long besideBytes() {
        return chunks.isLossless() || chunks.hasAlpha()
                ? Math.min(MOST_TABLES, chunks.packedBytes() * 8L / TABLES_BITS) * TABLES_BYTES : 0;
    }

    @Override
    public Picture read(int step) throws IOException, UndecodableException {
        return chunks.frame().onCanvas(width(), height(), step, (x, y) -> Samples.rgb(decoded(step, x, y), chunks.profile()));
    }
}
