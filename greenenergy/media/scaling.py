"""A picture as browsers should show it: upright, no larger than fitted() says, in sRGB.

A large picture is scaled band by band, so that there is never a second copy of it in memory.
"""

import contextlib
import io
import logging
import math

from PIL import ExifTags, Image, ImageCms

MAX_SIDE = 2560  # pixels; a phone's photo is scaled down to this
TALL_WIDTH = 1600  # of a picture that is read from top to bottom, a 长图: text in it stays legible
MAX_HEIGHT = 30_000
BAND_PIXELS = 2_000_000  # source pixels that are scaled at once

log = logging.getLogger(__name__)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_QUARTER_TURNS = {_TURNS[orientation] for orientation in (5, 6, 7, 8)}


def fitted(size: tuple[int, int], *, is_turned: bool = False) -> tuple[int, int]:
    """The size scaled down, where needed, to fit into a square of MAX_SIDE; a tall picture keeps TALL_WIDTH.

    `is_turned`: it is stored lying on its side, so that its width is its height when it is shown.
    """
    width, height = reversed(size) if is_turned else size
    share = min(1, MAX_SIDE / max(size))
    if height > width:
        share = min(1, max(share, TALL_WIDTH / width), max(share, MAX_HEIGHT / height))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def is_turned(image: Image.Image) -> bool:
    """Whether the camera was held upright, so that width and height change places."""
    return _turn_upright(image) in _QUARTER_TURNS


def upright(image: Image.Image, size: tuple[int, int], *, alpha: bool) -> Image.Image:
    """A copy scaled to `size`, turned upright, in sRGB, without the file's metadata.

    Transparency is lost where `alpha` is False.
    """
    mode = "RGBA" if alpha and image.has_transparency_data else "RGB"
    turn = _turn_upright(image)
    copy = _to_srgb(scaled(image, size, mode), image.info.get("icc_profile"))
    if turn is not None:
        copy = copy.transpose(turn)
    copy.info = {}
    return copy


def scaled(image: Image.Image, size: tuple[int, int], mode: str) -> Image.Image:
    """The picture in that size and mode, or in CMYK where it is in CMYK."""
    if image.size == size:
        return in_mode(image, mode)
    image.load()
    result = Image.new("CMYK" if image.mode == "CMYK" else mode, size)
    rows = max(1, BAND_PIXELS * size[1] // (image.width * image.height))
    for top in range(0, size[1], rows):
        result.paste(_scaled_band(image, size, mode, top, min(top + rows, size[1])), (0, top))
    return result


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The picture in that mode. CMYK stays CMYK: only its colour profile converts it well."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda grey: grey / 256).convert("L")
    return image if image.mode in (mode, "CMYK") else image.convert(mode)


def _scaled_band(image: Image.Image, size: tuple[int, int], mode: str, top: int, bottom: int) -> Image.Image:
    """The rows from `top` up to `bottom` of the scaled picture."""
    step = image.height / size[1]
    margin = math.ceil(3 * step) + 1  # Lanczos reads three target rows beyond either edge
    first, last = max(0, int(top * step) - margin), min(image.height, math.ceil(bottom * step) + margin)
    band = in_mode(image.crop((0, first, image.width, last)), mode)
    box = (0, top * step - first, image.width, min(bottom * step, image.height) - first)
    return band.resize((size[0], bottom - top), Image.Resampling.LANCZOS, box)


def _turn_upright(image: Image.Image) -> Image.Transpose | None:
    """The transposition that undoes how the camera was held, or None.

    ImageOps.exif_transpose would also rewrite the EXIF, and fails where that is malformed.
    """
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        log.info("A picture has EXIF that cannot be read.", exc_info=True)
        return None


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        # With a broken profile, unconverted colours are the best there is.
        with contextlib.suppress(ImageCms.PyCMSError):
            srgb = ImageCms.createProfile("sRGB")
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
            if converted is not None:  # None only where it converts in place
                return converted
    return image.convert("RGB") if image.mode == "CMYK" else image.copy()
