"""How much memory Pillow needs to decode a picture, estimated from the file's header before anything is decoded.

tests/bench/pictures.py compares the estimates with the memory that a process really takes.
"""

import struct

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile


def decoding_bytes(image: Image.Image, frames: int, size: tuple[int, int]) -> int:
    """Bytes that Pillow allocates to decode `image`, which will then be scaled to `size`.

    A JPEG is set to be decoded at a half, a quarter or an eighth of its size if that is still large enough.
    """
    pixels = image.width * image.height
    if frames > 1:
        # Canvases of one frame; then all frames as they are written, which only the encoder of GIF does not keep whole.
        return 30 * pixels + (2 if image.format == "GIF" else 5) * pixels * frames
    if image.format == "WEBP":
        return 16 * pixels  # two canvases, a copy, and the picture
    if not isinstance(image, JpegImageFile):
        return pixels * (1 if image.mode in ("1", "L", "P") else 4)
    coefficients = 2 * _coefficients(image) if needs_all_scans(image) else 0
    image.draft("RGB", size)
    return coefficients + image.width * image.height * (1 if image.mode == "L" else 4)


def needs_all_scans(image: JpegImageFile) -> bool:
    """Whether no pixel can be computed before the whole file is read, so that all coefficients stay in memory.

    True for a progressive JPEG, and for one whose first scan does not hold all components. Pillow
    has just read the header of that scan. Of an MPO file (a JPEG with a second picture in it, as some
    phones write) Pillow has gone back to the beginning: assume the larger case.
    """
    file = image.fp
    if file is None or image.format == "MPO":  # None: closed, because the pixels are loaded
        return True
    header = struct.pack(">BBHB", 0xFF, 0xDA, 6 + 2 * image.layers, image.layers)
    position = file.tell()
    file.seek(position - 8 - 2 * image.layers)
    first_scan_is_complete = file.read(len(header)) == header
    file.seek(position)
    return bool(image.info.get("progressive")) or not first_scan_is_complete


def _coefficients(image: JpegImageFile) -> int:
    """The number of coefficients: one for each sample of each component. A coefficient takes two bytes."""
    horizontal = max(h for _id, h, _v, _table in image.layer)
    vertical = max(v for _id, _h, v, _table in image.layer)
    share = sum(h * v for _id, h, v, _table in image.layer) / (horizontal * vertical)
    return int(image.width * image.height * share)
