package verger.images;

/**
 * The size of a picture.
 *
 * @param width  in pixels, as the camera was held
 * @param height in pixels, likewise
 */
public record ImageSize(int width, int height) {

    /**
     * Reads the size from the head of an image file; a file that is cut short behind it has one, too.
     *
     * @param content the whole file; null where there is none
     * @throws UnusableImageException with the reason, if this is no image
     */
    public static ImageSize of(byte[] content) throws UnusableImageException {
        return ImageDecoder.size(content);
    }
}
