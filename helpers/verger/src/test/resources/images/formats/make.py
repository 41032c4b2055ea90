"""Makes the pictures of PictureFormatsTest: python make.py, with Pillow 13.0.0, tifffile 2026.3.3 and NumPy.

All show one ramp of 19 x 13 pixels, which the test computes for itself. JPEG loses some of it: beside each such picture
lies a .png of the pixels that Pillow reads in it.
"""

import struct
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 19, 13


def ramp():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red, green, blue = x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x * 7 + y * 11) % 256
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def linear_profile():
    """An ICC profile (version 2.1) of sRGB's primaries, adapted to D50, whose samples are proportional to light."""

    def xyz(*values):
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))

    text = b"linear"
    white = xyz(0.9642, 1.0, 0.8249)
    straight = b"curv" + bytes(4) + struct.pack(">I", 0)
    tags = [
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + bytes(1 + 8 + 3 + 67)),
        (b"cprt", b"text" + bytes(4) + b"none\0"),
        (b"wtpt", white),
        (b"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)),
        (b"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)),
        (b"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)),
        (b"rTRC", straight),
        (b"gTRC", straight),
        (b"bTRC", straight),
    ]
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags:
        value += bytes(-len(value) % 4)
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value
    header = struct.pack(">I4sI4s4s4s", start + len(data), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + white[8:] + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + data


def premultiplied(rgb):
    return ((rgb.astype(np.uint32) * rgb[..., :1] + 127) // 255).astype(np.uint8)


def inks():
    """Half the black, half of the three colours, half the cyan: 16 columns of each."""
    samples = np.zeros((16, 48, 4), np.uint8)
    samples[:, :16, 3] = 128
    samples[:, 16:32, :3] = 128
    samples[:, 32:, 0] = 128
    return samples


def with_alpha(samples):
    """With one more sample: nothing in the first row of pixels, all in the others."""
    alpha = np.full_like(samples[..., :1], np.iinfo(samples.dtype).max)
    alpha[0] = 0
    return np.concatenate([samples, alpha], axis=-1)


def large():
    """A smooth picture of 64 x 48, in which no reader of lossy pictures differs by its way of enlarging colours."""
    y, x = np.mgrid[0:48, 0:64]
    return Image.fromarray(np.stack([x * 4, y * 5, 255 - x * 2 - y * 2], axis=-1).astype(np.uint8))


def main():
    rgb = ramp()
    image = Image.fromarray(rgb)
    grey = rgb[..., 2]
    deep = rgb.astype(np.uint16) * 257

    def save(name, picture=image, **options):
        picture.save(FOLDER / name, **options)

    def write(name, samples, **options):
        tifffile.imwrite(FOLDER / name, samples, software=None, metadata=None, **options)

    save("strips.tif", tiffinfo={278: 4})
    save("lzw.tif", compression="tiff_lzw")
    save("deflate-predictor.tif", compression="tiff_adobe_deflate", tiffinfo={317: 2})
    save("packbits.tif", compression="packbits")
    write("tiles.tif", rgb, tile=(16, 16), photometric="rgb", byteorder=">")
    write("planes.tif", np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate")
    write("16-bits-le.tif", deep, photometric="rgb")
    write("16-bits-be.tif", deep, photometric="rgb", byteorder=">")
    write("floats.tif", (rgb / 255).astype(np.float32), photometric="rgb")
    write("alpha.tif", np.dstack([rgb, rgb[..., 0]]), photometric="rgb", extrasamples=["unassalpha"])
    write("grey.tif", grey, photometric="minisblack")
    write("white-is-zero.tif", 255 - grey, photometric="miniswhite")
    save("fax.tif", image.convert("1", dither=Image.Dither.NONE), compression="group4")
    save("profile.tif", icc_profile=linear_profile())

    write("associated-alpha.tif", np.dstack([premultiplied(rgb), rgb[..., 0]]), photometric="rgb", extrasamples=["assocalpha"])
    write("unspecified-extra.tif", np.dstack([rgb, rgb[..., 0]]), photometric="rgb", extrasamples=["unspecified"])
    write("inks.tif", inks(), photometric="separated")
    deep_inks = inks().astype(np.uint16) * 257
    write("inks-16.tif", deep_inks, photometric="separated")
    write("inks-alpha.tif", with_alpha(inks()), photometric="separated", extrasamples=["unassalpha"])
    write("inks-16-alpha.tif", with_alpha(deep_inks), photometric="separated", extrasamples=["unassalpha"])
    write("inks-5.tif", np.dstack([inks(), inks()[..., 0]]), photometric="separated", extrasamples=["unspecified"])
    in_jpeg = {"photometric": "separated", "compression": "jpeg", "compressionargs": {"level": 100}}
    write("inks-jpeg.tif", inks(), **in_jpeg)
    write("inks-jpeg-planes.tif", np.moveaxis(inks(), -1, 0), planarconfig="separate", **in_jpeg)
    differences = {"photometric": "rgb", "predictor": True}
    write("differences-16-lzw.tif", deep, compression="lzw", tile=(16, 16), byteorder=">", **differences)
    write("differences-16-deflate.tif", deep, compression="deflate", **differences)
    write("differences-16-planes.tif", np.moveaxis(deep, -1, 0), compression="lzw", planarconfig="separate", **differences)
    write("differences-16-white.tif", 65535 - deep[..., 2], photometric="miniswhite", compression="lzw", predictor=True)
    write("32-bits.tif", rgb.astype(np.uint32) * 0x01010101, photometric="rgb")
    write("32-bits-grey.tif", grey.astype(np.uint32) * 0x01010101, photometric="minisblack")
    write("floats-grey.tif", (grey / 255).astype(np.float32), photometric="minisblack")
    write("white-is-zero-alpha.tif", with_alpha(255 - grey[..., None]), photometric="miniswhite", extrasamples=["unassalpha"])
    write("two-extras.tif", np.dstack([rgb, rgb[..., 0], grey]), photometric="rgb", extrasamples=["unassalpha", "unspecified"])
    save("ycbcr.tif", image.convert("YCbCr"))
    Image.open(FOLDER / "ycbcr.tif").convert("RGB").save(FOLDER / "ycbcr.tif.png")
    save("turned.tif", tiffinfo={274: 6})
    save("turned-tiles.tif", tiffinfo={274: 3}, compression="tiff_lzw")

    save("profile.png", icc_profile=linear_profile())
    turned = Image.Exif()
    turned[0x0112] = 6
    save("turned.png", exif=turned)
    save("turned.webp", lossless=True, exif=turned)
    save("lossless.webp", lossless=True)
    save("profile.webp", lossless=True, icc_profile=linear_profile())
    save("alpha.webp", Image.fromarray(np.dstack([rgb, rgb[..., 0]]), "RGBA"), lossless=True, exact=True)
    save("lossy-alpha.webp", Image.fromarray(np.dstack([rgb, rgb[..., 0]]), "RGBA"), quality=95, exact=True)
    save("lossy.webp", large(), quality=90)
    Image.open(FOLDER / "lossy.webp").convert("RGB").save(FOLDER / "lossy.webp.png")
    save("picture.avif")

    save("grey-alpha.png", Image.fromarray(np.dstack([grey, rgb[..., 0]]), "LA"))

    save("444.jpg", quality=95, subsampling=0)
    save("420.jpg", quality=95)
    save("progressive.jpg", quality=95, progressive=True)
    save("grey.jpg", Image.fromarray(grey), quality=95)
    save("jpeg.tif", compression="jpeg", quality=95)
    for name in ("444.jpg", "420.jpg", "progressive.jpg", "grey.jpg", "jpeg.tif"):
        Image.open(FOLDER / name).convert("RGB").save(FOLDER / (name + ".png"))
    save("profile.jpg", quality=95, subsampling=0, icc_profile=linear_profile())

    black = np.zeros((16, 48, 4), np.uint8)  # no ink, all the black, all of the four
    black[:, 16:, 3] = 255
    black[:, 32:] = 255
    save("cmyk.jpg", Image.fromarray(black, "CMYK"), quality=100, subsampling=0)
    save("half-inks.jpg", Image.fromarray(inks(), "CMYK"), quality=100, subsampling=0)


if __name__ == "__main__":
    main()
