package verger.images.decoding;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.color.ProfileDataException;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** Makes sRGB of a row of colours. */
interface Colours {

    /**
     * Converts a row.
     *
     * @param samples {@code width × } samples of a pixel
     * @param rgb     {@code width × 3} samples
     */
    void toRgb(byte[] samples, int width, byte[] rgb);

    /**
     * Chooses by the kind of colours, or by a profile that fits them: one that does not, or is damaged, is as none.
     *
     * @param type    of {@link ColorSpace}: RGB, grey or CMYK
     * @param profile an ICC profile; null for none
     */
    static Colours of(int type, byte[] profile) {
        Colours plain = switch (type) {
            case ColorSpace.TYPE_GRAY -> Colours::grey;
            case ColorSpace.TYPE_CMYK -> Colours::inks;
            default -> (samples, width, rgb) -> System.arraycopy(samples, 0, rgb, 0, rgb.length);
        };
        if (profile == null) {
            return plain;
        }
        try {
            ICC_Profile icc = ICC_Profile.getInstance(profile);
            return icc.getColorSpaceType() == type ? profiled(icc) : plain;
        } catch (IllegalArgumentException | CMMException | ProfileDataException | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            return plain; // metadata never decides over pixels
        }
    }

    private static Colours profiled(ICC_Profile icc) {
        ColorSpace space = new ICC_ColorSpace(icc);
        ColorConvertOp convert = new ColorConvertOp(space, ColorSpace.getInstance(ColorSpace.CS_sRGB), null);
        int bands = space.getNumComponents();
        Colours colours = (samples, width, rgb) -> convert.filter(raster(samples, width, bands), raster(rgb, width, 3));
        colours.toRgb(new byte[bands], 1, new byte[3]); // a damaged one fails at the first use
        return colours;
    }

    private static WritableRaster raster(byte[] samples, int width, int bands) {
        int[] offsets = new int[bands];
        for (int b = 0; b < bands; b++) {
            offsets[b] = b;
        }
        return Raster.createInterleavedRaster(new DataBufferByte(samples, width * bands), width, 1, width * bands, bands,
                offsets,
                null);
    }

    private static void grey(byte[] samples, int width, byte[] rgb) {
        for (int x = 0; x < width; x++) {
            rgb[3 * x] = samples[x];
            rgb[3 * x + 1] = samples[x];
            rgb[3 * x + 2] = samples[x];
        }
    }

    /** Ink takes away what it does of the light that black has left. The profile of a press would say more. */
    private static void inks(byte[] samples, int width, byte[] rgb) {
        for (int x = 0; x < width; x++) {
            int light = 255 - (samples[4 * x + 3] & 0xFF);
            for (int c = 0; c < 3; c++) {
                rgb[3 * x + c] = (byte) (((255 - (samples[4 * x + c] & 0xFF)) * light + 127) / 255);
            }
        }
    }
}
