package verger.images.decoding;

/** Turns a picture as a camera was held: the eight orientations of Exif 2.32, tag 0x0112, which readers ignore. */
final class Orientation {

    /** The picture is stored as it is seen: rows from the top, columns from the left. */
    static final int UPRIGHT = 1;

    private Orientation() {
    }

    /** Says whether rows and columns change places. */
    static boolean isTurned(int orientation) {
        return orientation >= 5;
    }

    /** Turns a picture that is stored in an orientation to the one that a person saw. */
    static Picture applied(int orientation, Picture image) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean turned = isTurned(orientation);
        boolean mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int width = turned ? image.height() : image.width();
        int height = turned ? image.width() : image.height();
        byte[] from = image.rgb();
        byte[] rgb = new byte[from.length];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = turned ? y : x;
                int row = turned ? x : y;
                int fromX = mirrored ? image.width() - 1 - column : column;
                int fromY = flipped ? image.height() - 1 - row : row;
                int pixel = (fromY * image.width() + fromX) * Picture.CHANNELS;
                for (int c = 0; c < Picture.CHANNELS; c++) {
                    rgb[at++] = from[pixel + c];
                }
            }
        }
        return new Picture(width, height, rgb);
    }
}
