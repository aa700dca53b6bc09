"""Uploaded pictures: checked, turned upright, re-encoded, stored under a random name, with smaller renditions.

Re-encoding drops whatever is not picture: place and camera in EXIF, and scripts that somebody
appended. Size, pixels and the memory they take are capped from the file's header, before anything is
decoded; what is large is scaled band by band, and one at a time in a process (tests/bench/pictures.py).

The name tells all that a page needs: Xk3…_1600x1067.jpg is 1600 × 1067 pixels, and beside it stand
Xk3…_1600x1067.w320.webp and so on, see _widths().
"""

import contextlib
import io
import logging
import math
import re
import secrets
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageSequence, UnidentifiedImageError

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2560  # pixels; a phone's photo is scaled down to this
MAX_FRAMES = 300  # of a moving GIF, and MAX_PIXELS for all of them together
MAX_WORK = (
    200 * 1024 * 1024
)  # bytes that decoding takes, see _work(); scaling and encoding need some 50 MiB more
LARGE_WORK = 32 * 1024 * 1024  # from here on one at a time
BAND_PIXELS = 2_000_000  # of a large picture that are scaled at once

WIDTHS = (320, 480, 750, 1080, 1600)  # of the renditions: a card, phones of two and three dots, a desktop

log = logging.getLogger(__name__)

# A JPEG with a second picture in it, as some phones write, opens as MPO.
_FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
# Pillow's decoders raise these on broken files, and now and then whatever else comes of broken numbers.
_FAULTS_OF_FILES = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    struct.error,
)
_one_large_picture = threading.Lock()
# Encoding is most of the work, and leaves Python to the others. Kept: three new threads cost as much as a small picture.
_encoders = ThreadPoolExecutor(thread_name_prefix="webp")
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}


class CleanPicture(ContentFile):
    """Bytes that came out of our own encoder, with `width` and `height`; not encoded again."""


@dataclass(frozen=True)
class StoredPicture:
    """A picture in the media storage: its public address and size in pixels."""

    url: str
    width: int
    height: int


def store_picture(file) -> StoredPicture:
    """Clean and store an uploaded picture. Raises ValidationError, in the editor's words, where it is none."""
    picture = clean_picture(file)
    name = default_storage.save(f"pictures/{timezone.localdate():%Y/%m}/{picture.name}", picture)
    _store_renditions(default_storage, name, picture)
    return StoredPicture(default_storage.url(name), picture.width, picture.height)


_SIZED_NAME = re.compile(r"_([0-9]{1,5})x([0-9]{1,5})\.(?:jpg|png|webp)$")


@dataclass(frozen=True)
class Renditions:
    """What the name of a picture of ours tells: its size in pixels, and the addresses of its renditions."""

    width: int
    height: int
    sources: tuple[tuple[str, int], ...]  # (address, width), the smallest first

    @classmethod
    def of(cls, url: str) -> "Renditions | None":
        """None where the name tells nothing: a moving GIF, or not a picture of ours."""
        match = _SIZED_NAME.search(url)
        if not match:
            return None
        stem, width = url.rsplit(".", 1)[0], int(match[1])
        return cls(width, int(match[2]), tuple((f"{stem}.w{w}.webp", w) for w in _widths(width)))


def _widths(width):
    """Those of its renditions: each of WIDTHS below its own, and its own where that is not too much."""
    smaller = [w for w in WIDTHS if w < width]
    return [*smaller, width] if width <= WIDTHS[-1] else smaller


def _store_renditions(storage, name, picture):
    """Smaller copies as WebP, once, now: nothing is computed when a page is read."""
    if not _SIZED_NAME.search(name):
        return
    picture.seek(0)
    scaled = []
    with Image.open(picture, formats=_FORMATS) as image:
        image.load()
        for width in reversed(_widths(image.width)):
            # Each from the one above: the large picture is scaled once.
            image = image.resize(
                (width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS
            )
            scaled.append(image)
    for image, data in zip(scaled, _encoders.map(_as_webp, scaled), strict=True):
        storage.save(f"{name.rsplit('.', 1)[0]}.w{image.width}.webp", ContentFile(data))


def _as_webp(image):
    buffer = io.BytesIO()
    # The bytes of quality 80 by the usual method 4, in less than half the time.
    image.save(buffer, "WEBP", quality=79, method=2)
    return buffer.getvalue()


def clean_picture(file) -> CleanPicture:
    """The same picture, upright, in sRGB, at most MAX_SIDE wide and high, without anything else in the file.

    Raises ValidationError for whatever is not a JPEG, PNG, WebP or GIF that can be read to its end.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("图片太大：%(size).1f MB，最多 %(limit)d MB。请先压缩再上传。")
            % {"size": file.size / 1024 / 1024, "limit": MAX_BYTES // 1024 // 1024},
            code="too_large",
        )
    file.seek(0)
    try:
        # Pillow only warns of twice as many pixels as are taken here; _reencode looks before it decodes.
        return _reencode(file)
    except ValidationError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except Exception as error:
        if not isinstance(error, _FAULTS_OF_FILES):
            log.warning("A picture was refused for an unusual fault.", exc_info=True)
        raise ValidationError(
            _("这不是能用的图片。请上传 JPG、PNG、WebP 或 GIF；苹果手机的 HEIC 照片请先转成 JPG。"),
            code="no_picture",
        ) from error


def _too_many_pixels():
    return ValidationError(
        _("图片的像素太多，最多 %(limit)d 万像素。请先缩小再上传。") % {"limit": MAX_PIXELS // 10_000},
        code="too_many_pixels",
    )


def _too_much_work(pixels, frames, work):
    """Pixels that would be fine in another kind of file, or in fewer frames."""
    text = (
        _("动图太大，这么多帧时每帧最多 %(limit)d 万像素。请先缩小再上传。")
        if frames > 1
        else _("图片的像素太多，这种格式最多 %(limit)d 万像素。请先缩小，或者另存为普通的 JPG 再上传。")
    )
    return ValidationError(
        text % {"limit": pixels * MAX_WORK // work // 10_000},
        code="too_many_pixels",
    )


def _reencode(file):
    with Image.open(file, formats=_FORMATS) as image:
        frames = getattr(image, "n_frames", 1) if image.format == "GIF" else 1
        pixels = image.width * image.height
        if pixels * frames > MAX_PIXELS or frames > MAX_FRAMES:
            raise _too_many_pixels()
        size = _fitted(image.size)
        work = _work(image, frames, size)
        if work > MAX_WORK:
            raise _too_much_work(pixels, frames, work)
        with _one_large_picture if work > LARGE_WORK else contextlib.nullcontext():
            if frames > 1:
                return _encode_moving(image)
            image_format = "JPEG" if image.format == "MPO" else image.format
            upright = _upright(image, size, alpha=image_format != "JPEG")
    del image  # and all its pixels, before the encoder takes memory of its own
    return _encode(upright, image_format)


def _work(image, frames, size):
    """Bytes that Pillow takes to decode it. A JPEG is set to be decoded at a half or a quarter, where that is enough."""
    pixels = image.width * image.height
    if frames > 1:
        return 30 * pixels + 2 * pixels * frames  # canvases of one frame; all frames as they are written
    if image.format == "WEBP":
        return 16 * pixels  # two canvases, a copy, and the picture
    if image.format not in ("JPEG", "MPO"):
        return pixels * (1 if image.mode in ("1", "L", "P") else 4)
    waiting = 2 * _coefficients(image) if _has_many_scans(image) else 0
    image.draft("RGB", size)
    return waiting + image.width * image.height * (1 if image.mode == "L" else 4)


def _coefficients(image):
    """Of a JPEG: a number for each sample of each component, two bytes each."""
    widest, highest = (
        max(h for _id, h, _v, _table in image.layer),
        max(v for _id, _h, v, _table in image.layer),
    )
    share = sum(h * v for _id, h, v, _table in image.layer) / (widest * highest)
    return int(image.width * image.height * share)


def _has_many_scans(image):
    """Whether a JPEG's pixels can only be made when all of the file has been read: all coefficients wait in memory.

    Progressive, or its first scan, whose header Pillow has just read, does not hold all components. (Of an MPO
    Pillow has read on, so it is taken for the worst.)
    """
    header = struct.pack(">BBHB", 0xFF, 0xDA, 6 + 2 * image.layers, image.layers)
    here = image.fp.tell()
    image.fp.seek(here - 8 - 2 * image.layers)
    is_whole = image.fp.read(len(header)) == header
    image.fp.seek(here)
    return bool(image.info.get("progressive")) or not is_whole


def _fitted(size):
    """The size scaled down to fit into MAX_SIDE."""
    share = min(1, MAX_SIDE / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _upright(image, size, *, alpha):
    """The picture as it is shown: upright, scaled, in sRGB, a copy with nothing of the file."""
    mode = "RGBA" if alpha and image.has_transparency_data else "RGB"
    turn = _turn_upright(image)
    upright = _to_srgb(_scaled(image, size, mode), image.info.get("icc_profile"))
    if turn is not None:
        upright = upright.transpose(turn)
    upright.info = {}
    return upright


def _scaled(image, size, mode):
    """Scaled, and in plain colours, band by band: there is never a second copy of a large picture."""
    if image.size == size:
        return _in_plain_colors(image, mode)
    image.load()
    scaled = Image.new("CMYK" if image.mode == "CMYK" else mode, size)
    rows = max(1, BAND_PIXELS * size[1] // (image.width * image.height))
    for top in range(0, size[1], rows):
        scaled.paste(_scaled_band(image, size, mode, top, min(top + rows, size[1])), (0, top))
    return scaled


def _scaled_band(image, size, mode, top, bottom):
    """These rows of the scaled picture."""
    step = image.height / size[1]
    reach = math.ceil(3 * step) + 1  # Lanczos looks at three new rows on either side
    first, last = max(0, int(top * step) - reach), min(image.height, math.ceil(bottom * step) + reach)
    band = _in_plain_colors(image.crop((0, first, image.width, last)), mode)
    box = (0, top * step - first, image.width, min(bottom * step, image.height) - first)
    return band.resize((size[0], bottom - top), Image.Resampling.LANCZOS, box)


def _encode(picture, image_format):
    if image_format == "GIF":
        image_format = "PNG"  # one frame: the better format for the same picture
    options = {
        "JPEG": {"quality": 85, "optimize": True, "progressive": True},
        "PNG": {"optimize": True},
        "WEBP": {"quality": 85},
    }[image_format]
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return _clean_picture(buffer, image_format, picture.size)


def _encode_moving(image):
    frames = _frames(image)
    first = next(frames)
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=frames, loop=image.info.get("loop", 0), disposal=2)
    return _clean_picture(buffer, "GIF", first.size)


def _frames(image):
    """One after the other, each a copy that knows how long it is shown."""
    pixels = 0
    for frame in ImageSequence.Iterator(image):
        pixels += frame.width * frame.height  # a later frame may be larger than the header says
        if pixels > MAX_PIXELS:
            raise _too_many_pixels()
        copy = frame.convert("RGBA")
        copy.info = {"duration": frame.info.get("duration", 100)}
        yield copy


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn_upright(image):
    """How to turn it as the camera was held, or None.

    ImageOps.exif_transpose would also write the EXIF anew, and fail where it is odd.
    """
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:
        log.info("A picture has EXIF that cannot be read.", exc_info=True)
        return None


def _in_plain_colors(image, mode):
    """In that mode, or in CMYK, whose profile knows better how to convert it."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda grey: grey / 256).convert("L")
    return image if image.mode in (mode, "CMYK") else image.convert(mode)


def _to_srgb(image, profile):
    if profile:
        # A broken profile: the plain colours are the best that can be shown.
        with contextlib.suppress(ImageCms.PyCMSError):
            sRGB = ImageCms.createProfile("sRGB")
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(image, io.BytesIO(profile), sRGB, outputMode=mode)
    return image.convert("RGB") if image.mode == "CMYK" else image.copy()


def _clean_picture(buffer, image_format, size):
    width, height = size
    # A moving picture has no renditions: its name tells no size.
    stem = secrets.token_urlsafe(12) + ("" if image_format == "GIF" else f"_{width}x{height}")
    picture = CleanPicture(buffer.getvalue(), name=f"{stem}.{_EXTENSIONS[image_format]}")
    picture.width, picture.height = size
    return picture


class PictureFormField(forms.ImageField):
    """An upload that arrives clean, or is refused in words."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp,image/gif"

    def to_python(self, data):
        file = forms.FileField.to_python(self, data)  # not ImageField's, which would decode it unguarded
        return None if file is None else clean_picture(file)


class PictureField(models.ImageField):
    """An ImageField whose stored file is clean whichever way it came: form, command or shell."""

    def pre_save(self, model_instance, add):
        file = getattr(model_instance, self.attname)
        if not file or file._committed:
            return super().pre_save(model_instance, add)
        if not isinstance(file.file, CleanPicture):
            setattr(model_instance, self.attname, clean_picture(file.file))
        picture = getattr(model_instance, self.attname).file
        stored = super().pre_save(model_instance, add)
        _store_renditions(stored.storage, stored.name, picture)
        return stored

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PictureFormField, **kwargs})
