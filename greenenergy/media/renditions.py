"""Smaller copies of a picture, as WebP, made once when it is stored. Nothing is computed when a page is read.

The name of a picture gives all that a page needs: Xk3…_1600x1067.jpg is 1600 × 1067 pixels, and its
renditions are Xk3…_1600x1067.w320.webp and so on.
"""

import contextlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from PIL import Image

from .errors import StorageUnavailable
from .pictures import FORMATS, CleanPicture

# Pixels: a card, phones of 2 and 3 device pixels to a CSS pixel, a desktop.
WIDTHS = (320, 480, 750, 1080, 1600)
MAX_HEIGHT = 16_383  # of a WebP

_SIZED_NAME = re.compile(r"_([0-9]{1,5})x([0-9]{1,5})\.(?:jpg|png|webp)$")
# Encoding is most of the work and releases the GIL. The pool stays: three new threads cost as much as a small picture.
_encoders = ThreadPoolExecutor(thread_name_prefix="webp")


@dataclass(frozen=True)
class Renditions:
    """What the name of one of our pictures states: its size in pixels, and the URLs of its renditions."""

    width: int
    height: int
    sources: tuple[
        tuple[str, int], ...
    ]  # (URL, width), the smallest first; none where it is too tall for WebP

    @classmethod
    def of(cls, url: str) -> "Renditions | None":
        """None where the name states no size: an animation, or not one of our pictures."""
        match = _SIZED_NAME.search(url)
        if not match:
            return None
        stem, width, height = url.rsplit(".", 1)[0], int(match[1]), int(match[2])
        return cls(width, height, tuple((f"{stem}.w{w}.webp", w) for w in rendition_widths(width, height)))


def rendition_widths(width: int, height: int) -> list[int]:
    """For a picture `width` pixels wide: all smaller WIDTHS, and `width` itself unless it exceeds the largest.

    None where the largest would be too tall: browsers would choose a smaller one, and a 长图 would be illegible.
    """
    widths = [w for w in WIDTHS if w < width]
    if width <= WIDTHS[-1]:
        widths.append(width)
    return widths if height * widths[-1] / width <= MAX_HEIGHT else []


def renditions_of(name: str) -> list[str]:
    """Names of the renditions of the picture that is stored under `name`; none for another file."""
    found = Renditions.of(name)
    return [source for source, _width in found.sources] if found else []


def store_renditions(storage: Storage, name: str, picture: CleanPicture) -> None:
    """Store the renditions of the picture that `storage` has under `name`; none for an animation.

    Where one cannot be stored, the picture is deleted as well, and StorageUnavailable is raised.
    """
    if not _SIZED_NAME.search(name):
        return
    picture.seek(0)
    copies: list[Image.Image] = []
    with Image.open(picture, formats=FORMATS) as file:
        file.load()
        larger: Image.Image = file
        for width in reversed(rendition_widths(*file.size)):
            # Each from the next larger one: the full picture is scaled only once.
            height = max(1, round(larger.height * width / larger.width))
            larger = larger.resize((width, height), Image.Resampling.LANCZOS)
            copies.append(larger)
    stored = [name]
    try:
        for copy, data in zip(copies, _encoders.map(_as_webp, copies), strict=True):
            stored.append(storage.save(f"{name.rsplit('.', 1)[0]}.w{copy.width}.webp", ContentFile(data)))
    except StorageUnavailable:
        with contextlib.suppress(StorageUnavailable, OSError):
            for each in stored:  # nobody will know of them
                storage.delete(each)
        raise


def _as_webp(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # As many bytes as quality 80 with the default method 4, in less than half the time.
    image.save(buffer, "WEBP", quality=79, method=2)
    return buffer.getvalue()
