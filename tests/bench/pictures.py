"""What the largest pictures cost: memory and seconds of one upload, each in a process of its own.

    python -m tests.bench.pictures [--json FILE] [CASE …]

A case is a file at the limit of what is allowed: bytes, pixels or frames. The figure is how far the resident memory of
a process that has already stored small pictures rises for decoding, scaling, encoding and all renditions. A picture
that is refused has the same limit.
"""

import argparse
import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageCms

from greenenergy.media.stored_pictures import store_picture
from tests.bench.bars import Bar, exit_status, print_bars, write_json
from tests.bench.sites import print_table
from tests.servers import ROOT

MEGAPIXELS = 50
MAX_MIB = 256
LANDSCAPE = (8660, 5773)
SQUARE = (7071, 7071)
HALF_IS_TOO_SMALL = (
    5119,
    5119,
)  # a JPEG that cannot be decoded at half its size, which would be less than 2560 pixels


def photo(size, mode="RGB", grain=64):
    """Between a photo and noise; the smaller `grain`, the less it compresses."""
    rng = random.Random(size[0])
    small = (max(2, size[0] // grain), max(2, size[1] // grain))
    bands = [Image.frombytes("L", small, rng.randbytes(small[0] * small[1])) for _ in mode]
    return (
        Image.merge(mode, bands).resize(size, Image.Resampling.BILINEAR)
        if mode != "L"
        else bands[0].resize(size)
    )


def flat(size):
    """Few brightness steps, as in a drawing or a screenshot: small enough for a PNG of 15 MB."""
    return photo(size, grain=256).point(lambda value: value & 0xF0)


def transparent(size):
    image = flat(size)
    image.putalpha(Image.linear_gradient("L").resize(size))
    return image


def jpeg(size=LANDSCAPE, mode="RGB", **options):
    return lambda path: photo(size, mode).save(path, "JPEG", **{"quality": 90, **options})


def held_sideways(path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo(HALF_IS_TOO_SMALL).save(path, "JPEG", quality=90, exif=exif, icc_profile=profile)


def png(make, size=LANDSCAPE, **options):
    return lambda path: make(size).save(path, "PNG", **{"compress_level": 6, **options})


def grey_of_16_bits(size):
    column = b"".join(_two_bytes(number) for number in range(size[0]))
    return Image.frombytes("I;16", size, column * size[1])


def _two_bytes(number):
    return (number * 7 % 65536).to_bytes(2, "little")


def palette(size, grain=256):
    image = Image.frombytes("P", size, photo(size, "L", grain).point(lambda value: value & 0xF0).tobytes())
    image.putpalette([value for number in range(256) for value in (number, number * 3 % 256, 255 - number)])
    return image


def palette_with_transparency(size):
    image = palette(size)
    image.info["transparency"] = 3
    return image


def webp(megapixels, **options):
    def make(path):
        side = math.isqrt(int(megapixels * 1e6))
        photo((side, side)).save(path, "WEBP", **{"quality": 80, "method": 0, **options})

    return make


def widest_webp(path):
    photo((16383, MEGAPIXELS * 1_000_000 // 16383)).save(path, "WEBP", quality=60, method=0)


def gif(frames, side):
    """Frames that differ everywhere."""

    def make(path):
        base = palette((side + 320, side), grain=32)
        first, *others = (base.crop((step, 0, step + side, side)) for step in range(frames))
        first.save(path, "GIF", save_all=True, append_images=others, duration=50, disposal=2)

    return make


CASES = {
    "JPEG, 50 MP": jpeg(),
    "JPEG, 50 MP, 4:4:4": jpeg(subsampling=0),
    "JPEG, 26 MP, decoded whole": jpeg(HALF_IS_TOO_SMALL),
    "JPEG, 26 MP, sideways, profile": held_sideways,
    "JPEG, 50 MP, progressive": jpeg(progressive=True),
    "JPEG, 50 MP, progressive, 4:4:4": jpeg(progressive=True, subsampling=0),
    "JPEG, 26 MP, progressive": jpeg(HALF_IS_TOO_SMALL, progressive=True),
    "JPEG, 26 MP, progressive, 4:4:4": jpeg(HALF_IS_TOO_SMALL, progressive=True, subsampling=0),
    "JPEG, 20.9 MP, progressive, 4:4:4": jpeg((4570, 4570), progressive=True, subsampling=0),
    "JPEG, 50 MP, grey, progressive": jpeg(mode="L", progressive=True),
    "JPEG, 50 MP, CMYK": jpeg(mode="CMYK"),
    "JPEG, 26 MP, CMYK": jpeg(HALF_IS_TOO_SMALL, mode="CMYK"),
    "JPEG, 50 MP, CMYK, progressive": jpeg(mode="CMYK", progressive=True),
    "PNG, 50 MP, RGB": png(flat),
    "PNG, 50 MP, RGB, square": png(flat, SQUARE),
    "PNG, 50 MP, RGB, a ribbon": png(flat, (50_000, 1000)),
    "PNG, 50 MP, RGBA": png(transparent),
    "PNG, 50 MP, RGBA, square": png(transparent, SQUARE),
    "PNG, 50 MP, grey of 16 bits": png(grey_of_16_bits),
    "PNG, 50 MP, palette": png(palette),
    "PNG, 50 MP, palette, transparency": png(palette_with_transparency, transparency=3),
    "WebP, 50 MP": widest_webp,
    "WebP, 13.1 MP": webp(13.1),
    "WebP, 13.1 MP, lossless": webp(13.1, lossless=True),
    "GIF, 50 MP, still": lambda path: palette(LANDSCAPE).save(path, "GIF"),
    "GIF, 300 frames, 50 MP together": gif(300, 408),
    "GIF, 2 frames of 6 MP": gif(2, 2450),
    "GIF, 12 frames of 3.8 MP": gif(12, 1940),
    "GIF, 30 frames of 1.6 MP": gif(30, 1280),
    "GIF, 2 frames of 25 MP": gif(2, 5000),
}


def memory_kib(name):
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith(f"{name}:"):
            return int(row.split()[1])
    raise LookupError(name)


def measure(path):
    """Print as JSON what it costs to store this file; run in a process for one case."""
    django.setup()
    for image_format in ("JPEG", "PNG", "WEBP", "GIF"):  # codecs are loaded once: not part of the cost
        buffer = io.BytesIO()
        photo((64, 64), grain=8).save(buffer, image_format)
        store_picture(ContentFile(buffer.getvalue(), name="small"))
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak, VmHWM
    before, begin = memory_kib("VmRSS"), time.perf_counter()
    with open(path, "rb") as file:
        try:
            stored = store_picture(File(file, name="large"))
            result = f"{stored.width} × {stored.height}"
        except ValidationError as error:
            result = " ".join(error.messages)
    seconds = time.perf_counter() - begin
    print(json.dumps({"MiB": (memory_kib("VmHWM") - before) / 1024, "seconds": seconds, "result": result}))


def bench(name, folder):
    path = Path(folder) / "picture"
    CASES[name](path)
    environment = {
        **os.environ,
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "greenenergy.settings",
    }
    output = subprocess.run(
        [sys.executable, "-m", "tests.bench.pictures", "--measure", str(path)],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    figures = json.loads(output)
    return {
        "case": name,
        "file MiB": round(path.stat().st_size / 2**20, 1),
        "MiB": round(figures["MiB"]),
        "seconds": round(figures["seconds"], 1),
        "result": figures["result"],
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help="a part of its name")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.measure)
    runs = [run(options.cases)]
    write_json(options.json, runs)
    return exit_status(runs)


def run(parts=()) -> dict:
    """Figures and their bars, of the cases whose names contain one of these parts; without parts, of all."""
    rows = []
    for name in CASES:
        if not parts or any(part in name for part in parts):
            with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
                rows.append(bench(name, folder))
                print(rows[-1], flush=True)
    print_table(rows)
    bars = [Bar.at_most(row["case"], row["MiB"], MAX_MIB, "MiB") for row in rows]
    print_bars(bars)
    return {"cases": rows, "bars": bars}


if __name__ == "__main__":
    raise SystemExit(main())
