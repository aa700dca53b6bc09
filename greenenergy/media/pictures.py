"""Cleaning of uploaded pictures: checked, scaled, turned upright, re-encoded, given a random name.

Re-encoding drops everything but the pixels: place and camera in EXIF, and scripts appended to the
file. Bytes, pixels, frames and memory are limited from the file's header, before anything is
decoded, and large pictures are processed one at a time in a process (tests/bench/pictures.py).

The name states the size: Xk3…_1600x1067.jpg is 1600 × 1067 pixels; see renditions.py.
"""

import contextlib
import io
import logging
import secrets
import struct
import threading
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageSequence, UnidentifiedImageError

from . import scaling
from .decoding import decoding_bytes

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_FRAMES = 300  # of an animation, and MAX_PIXELS for all frames together
MAX_DECODING_BYTES = 200 * 1024 * 1024  # of memory; scaling and encoding need some 50 MiB more
LARGE_DECODING_BYTES = 32 * 1024 * 1024  # from here on one at a time

# A JPEG with a second picture in it, as some phones write, opens as MPO.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ANIMATED_FORMATS = ("GIF", "WEBP", "PNG")

log = logging.getLogger(__name__)
large_picture_lock = threading.Lock()

# Pillow's decoders raise these on damaged files, and occasionally others.
_DAMAGED_FILE_ERRORS = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    struct.error,
)
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
_ENCODER_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85},
}
_ANIMATION_OPTIONS: dict[str, dict[str, Any]] = {
    "GIF": {"disposal": 2},
    "PNG": {"disposal": 0, "blend": 0, "optimize": False},
    "WEBP": {"method": 2},
}


class CleanPicture(ContentFile):
    """A file that our own encoder wrote; it is not encoded again. `width` and `height` in pixels."""

    def __init__(self, content: bytes, name: str, size: tuple[int, int]) -> None:
        super().__init__(content, name=name)
        self.width, self.height = size


def clean_picture(file: File) -> CleanPicture:
    """The same picture, upright, in sRGB, scaled down to scaling.fitted(), without anything else in the file.

    An animation keeps its format, its frames and their times.

    Raises ValidationError for every file that is not a JPEG, PNG, WebP or GIF that can be read to its end.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("图片太大：%(size).1f MB，最多 %(limit)d MB。请先压缩再上传。")
            % {"size": file.size / 1024 / 1024, "limit": MAX_BYTES // 1024 // 1024},
            code="too_large",
        )
    file.seek(0)
    try:
        # Pillow's own limit only warns below twice our MAX_PIXELS; _reencode checks before it decodes.
        return _reencode(file)
    except ValidationError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except Exception as error:
        if not isinstance(error, _DAMAGED_FILE_ERRORS):
            log.warning("A picture was refused for an unusual fault.", exc_info=True)
        raise ValidationError(
            _("这不是能用的图片。请上传 JPG、PNG、WebP 或 GIF；苹果手机的 HEIC 照片请先转成 JPG。"),
            code="no_picture",
        ) from error


def _reencode(file: File) -> CleanPicture:
    with Image.open(file, formats=FORMATS) as image:
        frames = getattr(image, "n_frames", 1) if image.format in ANIMATED_FORMATS else 1
        pixels = image.width * image.height
        if pixels * frames > MAX_PIXELS or frames > MAX_FRAMES:
            raise _too_many_pixels()
        size = scaling.fitted(image.size, is_turned=scaling.is_turned(image))
        needed = decoding_bytes(image, frames, size)
        if needed > MAX_DECODING_BYTES:
            raise _too_much_memory(frames, pixels * MAX_DECODING_BYTES // needed)
        with large_picture_lock if needed > LARGE_DECODING_BYTES else contextlib.nullcontext():
            if frames > 1:
                return _encode_animation(image)
            image_format = "JPEG" if image.format == "MPO" else str(image.format)
            upright = scaling.upright(image, size, alpha=image_format != "JPEG")
    del image  # frees its pixels before the encoder allocates memory of its own
    return _encode(upright, image_format)


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("图片的像素太多，最多 %(limit)d 万像素。请先缩小再上传。") % {"limit": MAX_PIXELS // 10_000},
        code="too_many_pixels",
    )


def _too_much_memory(frames: int, max_pixels: int) -> ValidationError:
    """`max_pixels`: the limit for this format, or for so many frames; the file would fit in another format."""
    text = (
        _("动图太大，这么多帧时每帧最多 %(limit)d 万像素。请先缩小再上传。")
        if frames > 1
        else _("图片的像素太多，这种格式最多 %(limit)d 万像素。请先缩小，或者另存为普通的 JPG 再上传。")
    )
    return ValidationError(text % {"limit": max_pixels // 10_000}, code="too_many_pixels")


def _encode(picture: Image.Image, image_format: str) -> CleanPicture:
    if image_format == "GIF":
        image_format = "PNG"  # of a single frame: the better format for the same picture
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **_ENCODER_OPTIONS[image_format])
    width, height = picture.size
    return _named(buffer, f"_{width}x{height}", image_format, picture.size)


def _encode_animation(image: Image.Image) -> CleanPicture:
    image_format = str(image.format)
    durations: list[int] = []  # filled while the encoder takes the frames
    frames = _frames(image, durations)
    first = next(frames)
    buffer = io.BytesIO()
    options = {**_ENCODER_OPTIONS.get(image_format, {}), **_ANIMATION_OPTIONS[image_format]}
    options |= {"duration": durations, "loop": image.info.get("loop", 0)}
    others = frames if image_format == "GIF" else list(frames)  # PNG's encoder reads them twice
    first.save(buffer, image_format, save_all=True, append_images=others, **options)
    # An animation has no renditions: its name states no size.
    return _named(buffer, "", image_format, first.size)


def _frames(image: Image.Image, durations: list[int]) -> Iterator[Image.Image]:
    """Copies, one after the other, without the still picture that an animated PNG may have for old programs."""
    pixels = 0
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        pixels += frame.width * frame.height  # a later frame may be larger than the header says
        if pixels > MAX_PIXELS:
            raise _too_many_pixels()
        if number == 0 and image.info.get("default_image"):
            continue
        copy = frame.convert("RGBA")
        copy.info = {}
        durations.append(round(frame.info.get("duration", 100)))
        yield copy


def _named(buffer: io.BytesIO, suffix: str, image_format: str, size: tuple[int, int]) -> CleanPicture:
    name = f"{secrets.token_urlsafe(12)}{suffix}.{_EXTENSIONS[image_format]}"
    return CleanPicture(buffer.getvalue(), name, size)
