package verger.images;

import verger.images.decoding.Decoder;
import verger.images.decoding.UndecodableException;

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
        RgbImage.checkRead(content);
        try {
            int[] size = Decoder.size(content);
            return new ImageSize(/* width= */ size[0], /* height= */ size[1]);
        } catch (UndecodableException e) {
            throw new UnusableImageException(e.getMessage());
        }
    }
}
