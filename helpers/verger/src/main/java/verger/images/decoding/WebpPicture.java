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
        return 8L * bands();
    }

    /**
     * The frame is unpacked whole, since its reader takes the first pixels of each block where it is told to leave some out; so is
     * its transparency. The rest are modes of blocks and codes, and a canvas that is larger.
     */
    @Override
    public long heapBytes(int step) {
        return readerBytes(step)
                + (chunks.frame().covers(width(), height()) ? 0 : Bounds.pixels(this, step) * Picture.CHANNELS);
    }

    @Override
    long readerBytes(int step) {
        long pixels = (long) chunks.frame().width() * chunks.frame().height();
        long modes = pixels / 2 + 4_000L * (width() / 16 + 3);
        return modes + pixels * bands() + (chunks.isLossless() ? pixels : chunks.hasAlpha() ? pixels * 5 : 0);
    }

    @Override
    public long besideBytes() {
        return chunks.isLossless() || chunks.hasAlpha()
                ? Math.min(MOST_TABLES, chunks.packedBytes() * 8L / TABLES_BITS) * TABLES_BYTES : 0;
    }

    @Override
    public Picture read(int step) throws IOException, UndecodableException {
        return chunks.frame().onCanvas(width(), height(), step, (x, y) -> {
            Picture picture = Samples.rgb(Samples.every(step, x, y, decoded(1, 0, 0)), chunks.profile());
            byte[] alpha = chunks.plainAlpha();
            if (alpha != null) {
                byte[] rgb = picture.rgb();
                for (int i = 0; i < rgb.length; i++) {
                    int pixel = i / Picture.CHANNELS;
                    int row = y + pixel / picture.width() * step;
                    int column = x + pixel % picture.width() * step;
                    rgb[i] = Samples.onWhite(rgb[i] & 0xFF, alpha[row * chunks.frame().width() + column] & 0xFF);
                }
            }
            return picture;
        });
    }
}
