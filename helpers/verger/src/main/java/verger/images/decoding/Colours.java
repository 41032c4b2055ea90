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

    /** The largest profiles, those of presses, have two or three megabytes; what is longer is none. */
    int MAX_PROFILE = 4 << 20;

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
     * @param type    of {@link ColorSpace}: RGB, grey, CMYK or Lab
     * @param profile an ICC profile; null for none
     */
    static Colours of(int type, byte[] profile) {
        Colours plain = switch (type) {
            case ColorSpace.TYPE_GRAY -> Colours::grey;
            case ColorSpace.TYPE_CMYK -> Colours::inks;
            case ColorSpace.TYPE_Lab -> Colours::lab;
            default -> (samples, width, rgb) -> System.arraycopy(samples, 0, rgb, 0, rgb.length);
        };
        if (profile == null || profile.length > MAX_PROFILE || type == ColorSpace.TYPE_Lab) { // Lab is a colour by itself
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

    /**
     * CIE 1976 L*a*b* of white D50 as a TIFF has it: L from 0 to 255, a and b with a sign. To light by CIE 15, to the primaries of
     * sRGB with the adaption of Bradford (the matrix is that of ICC's profile of sRGB, inverted), and to its curve by IEC 61966-2-1.
     */
    private static void lab(byte[] samples, int width, byte[] rgb) {
        for (int x = 0; x < width; x++) {
            double y = ((samples[3 * x] & 0xFF) * 100 / 255.0 + 16) / 116;
            double lightX = 0.9642 * light(y + samples[3 * x + 1] / 500.0);
            double lightY = light(y);
            double lightZ = 0.8249 * light(y - samples[3 * x + 2] / 200.0);
            rgb[3 * x] = curved(3.1338561 * lightX - 1.6168667 * lightY - 0.4906146 * lightZ);
            rgb[3 * x + 1] = curved(-0.9787684 * lightX + 1.9161415 * lightY + 0.0334540 * lightZ);
            rgb[3 * x + 2] = curved(0.0719453 * lightX - 0.2289914 * lightY + 1.4052427 * lightZ);
        }
    }

    private static double light(double root) {
        return root > 6 / 29.0 ? root * root * root : 3 * 36 / 841.0 * (root - 4 / 29.0);
    }

    private static byte curved(double light) {
        double sample = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
        return (byte) Math.round(255 * Math.max(0, Math.min(1, sample)));
    }
}
