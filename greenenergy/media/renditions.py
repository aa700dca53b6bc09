"""Smaller copies of a picture, as WebP, made once when it is stored. Nothing is computed when a page is read.

The name of a picture gives all that a page needs: Xk3…_1600x1067.jpg is 1600 × 1067 pixels, and its
renditions are Xk3…_1600x1067.w320.webp and so on.
"""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from PIL import Image

from .pictures import FORMATS, CleanPicture

# Pixels: a card, phones of 2 and 3 device pixels to a CSS pixel, a desktop.
WIDTHS = (320, 480, 750, 1080, 1600)

_SIZED_NAME = re.compile(r"_([0-9]{1,5})x([0-9]{1,5})\.(?:jpg|png|webp)$")
# Encoding is most of the work and releases the GIL. The pool stays: three new threads cost as much as a small picture.
_encoders = ThreadPoolExecutor(thread_name_prefix="webp")


@dataclass(frozen=True)
class Renditions:
    """What the name of one of our pictures states: its size in pixels, and the URLs of its renditions."""

    width: int
    height: int
    sources: tuple[tuple[str, int], ...]  # (URL, width), the smallest first

    @classmethod
    def of(cls, url: str) -> "Renditions | None":
        """None where the name states no size: an animated GIF, or not one of our pictures."""
        match = _SIZED_NAME.search(url)
        if not match:
            return None
        stem, width = url.rsplit(".", 1)[0], int(match[1])
        return cls(width, int(match[2]), tuple((f"{stem}.w{w}.webp", w) for w in rendition_widths(width)))


def rendition_widths(width: int) -> list[int]:
    """For a picture `width` pixels wide: all smaller WIDTHS, and `width` itself unless it exceeds the largest."""
    smaller = [w for w in WIDTHS if w < width]
    return [*smaller, width] if width <= WIDTHS[-1] else smaller


def renditions_of(name: str) -> list[str]:
    """Names of the renditions of the picture that is stored under `name`; none for another file."""
    found = Renditions.of(name)
    return [source for source, _width in found.sources] if found else []


def store_renditions(storage: Storage, name: str, picture: CleanPicture) -> None:
    """Store the renditions of the picture that `storage` has under `name`; none for an animated GIF."""
    if not _SIZED_NAME.search(name):
        return
    picture.seek(0)
    copies: list[Image.Image] = []
    with Image.open(picture, formats=FORMATS) as file:
        file.load()
        larger: Image.Image = file
        for width in reversed(rendition_widths(file.width)):
            # Each from the next larger one: the full picture is scaled only once.
            height = max(1, round(larger.height * width / larger.width))
            larger = larger.resize((width, height), Image.Resampling.LANCZOS)
            copies.append(larger)
    for copy, data in zip(copies, _encoders.map(_as_webp, copies), strict=True):
        storage.save(f"{name.rsplit('.', 1)[0]}.w{copy.width}.webp", ContentFile(data))


def _as_webp(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # As many bytes as quality 80 with the default method 4, in less than half the time.
    image.save(buffer, "WEBP", quality=79, method=2)
    return buffer.getvalue()
