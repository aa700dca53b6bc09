"""Pictures drawn for the demo site: a sky, hills, and what the article is about."""

import io
import math
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 800
_SCALE = 2  # drawn at twice the size, then scaled down for smooth edges

_SKIES = {
    "morning": ((252, 214, 160), (142, 197, 214)),
    "day": ((214, 236, 246), (74, 144, 196)),
    "evening": ((246, 178, 132), (66, 84, 132)),
    "mist": ((230, 238, 232), (150, 184, 176)),
}


def draw(subject: str, sky: str = "day", seed: int = 0, shape: float = 1) -> ContentFile:
    """A JPEG of "solar", "wind", "storage", "city" or "forest" under one of the skies; the same for the same seed.

    `shape` is the width in units of WIDTH: 1.8 makes a banner.
    """
    rng = random.Random(f"{subject} {sky} {seed}")  # noqa: S311  not used for security
    size = round(WIDTH * shape), HEIGHT
    width, height = size[0] * _SCALE, size[1] * _SCALE
    image = _gradient(width, height, *_SKIES[sky])
    pen = ImageDraw.Draw(image)
    _sun(image, rng, width, height)
    for layer, color in enumerate([(122, 164, 140), (78, 130, 100), (44, 98, 70)]):
        _hills(pen, rng, width, height, 0.52 + layer * 0.13, color)
    _SUBJECTS[subject](ImageDraw.Draw(image), rng, width, height)
    buffer = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=88)
    return ContentFile(buffer.getvalue(), name=f"{subject}.jpg")


def _gradient(width, height, low, high):
    strip = Image.new("RGB", (1, 256))
    for y in range(256):
        share = y / 255
        strip.putpixel((0, y), tuple(round(h + (v - h) * share) for v, h in zip(low, high, strict=True)))
    return strip.resize((width, height), Image.Resampling.BICUBIC)


def _sun(image, rng, width, height):
    x, y, radius = rng.uniform(0.6, 0.85) * width, rng.uniform(0.16, 0.3) * height, height * 0.07
    glow = Image.new("L", (width // 8, height // 8), 0)
    box = [(v / 8) for v in (x - radius * 2.2, y - radius * 2.2, x + radius * 2.2, y + radius * 2.2)]
    ImageDraw.Draw(glow).ellipse(box, fill=120)
    glow = glow.filter(ImageFilter.GaussianBlur(12)).resize((width, height))
    image.paste((255, 246, 220), (0, 0), glow)
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 244, 214))


def _hills(pen, rng, width, height, level, color):
    phase, waves = rng.uniform(0, 6), rng.uniform(1.2, 2.4)
    points = [(0, height)]
    for step in range(81):
        share = step / 80
        wave = math.sin(share * waves * math.pi + phase) + 0.4 * math.sin(share * waves * 7 + phase)
        points.append((share * width, height * (level + 0.06 * wave)))
    pen.polygon([*points, (width, height)], fill=color)


def _solar(pen, rng, width, height):
    for row in range(3):
        top, size = height * (0.62 + row * 0.12), height * (0.075 + row * 0.018)
        step = size * 2.3
        x = -rng.uniform(0, step)
        while x < width:
            shift = size * 0.45
            quad = [
                (x + shift, top),
                (x + shift + size * 2, top),
                (x + size * 2, top + size),
                (x, top + size),
            ]
            pen.line([(x + size, top + size), (x + size, top + size * 1.45)], fill=(60, 72, 70), width=8)
            pen.polygon(quad, fill=(28, 58, 104))
            for line in range(1, 6):
                a = x + size * 2 * line / 6
                pen.line([(a + shift, top), (a, top + size)], fill=(110, 150, 196), width=3)
            middle = (x + shift / 2, top + size / 2)
            pen.line([middle, (middle[0] + size * 2, middle[1])], fill=(110, 150, 196), width=3)
            pen.line([*quad, quad[0]], fill=(214, 226, 236), width=5)
            x += step


def _wind(pen, rng, width, height):
    for number in range(4):
        x, foot = width * (0.12 + number * 0.22 + rng.uniform(-0.03, 0.03)), height * rng.uniform(0.66, 0.78)
        tall = height * rng.uniform(0.34, 0.5)
        hub = (x, foot - tall)
        pen.polygon([(x - 9, foot), (x + 9, foot), (x + 4, hub[1]), (x - 4, hub[1])], fill=(244, 247, 248))
        turn = rng.uniform(0, math.pi)
        for blade in range(3):
            angle = turn + blade * 2 * math.pi / 3
            tip = (hub[0] + math.cos(angle) * tall * 0.5, hub[1] + math.sin(angle) * tall * 0.5)
            side = (math.cos(angle + 1.4) * 12, math.sin(angle + 1.4) * 12)
            pen.polygon([hub, (hub[0] + side[0], hub[1] + side[1]), tip], fill=(250, 252, 252))
        pen.ellipse((x - 14, hub[1] - 14, x + 14, hub[1] + 14), fill=(230, 236, 238))


def _storage(pen, rng, width, height):
    for number in range(5):
        x, y = width * (0.05 + number * 0.185), height * 0.64
        w, h = width * 0.16, height * 0.2
        pen.rectangle((x, y, x + w, y + h), fill=(236, 241, 239))
        pen.rectangle((x, y, x + w, y + h * 0.14), fill=(31, 138, 91))
        for door in range(4):
            left = x + w * (0.05 + door * 0.235)
            pen.rectangle(
                (left, y + h * 0.24, left + w * 0.19, y + h * 0.92), outline=(160, 174, 168), width=5
            )
        pen.rectangle((x - 6, y + h, x + w + 6, y + h * 1.08), fill=(112, 122, 118))


def _city(pen, rng, width, height):
    x = 0
    while x < width:
        w, h = rng.uniform(0.05, 0.1) * width, rng.uniform(0.16, 0.42) * height
        shade = rng.randint(70, 120)
        pen.rectangle((x, height * 0.84 - h, x + w, height * 0.84), fill=(shade - 20, shade + 8, shade + 10))
        for row in range(int(h / 60)):
            for column in range(int(w / 50)):
                if rng.random() < 0.5:
                    left, top = x + 16 + column * 50, height * 0.84 - h + 20 + row * 60
                    pen.rectangle((left, top, left + 20, top + 28), fill=(250, 226, 160))
        x += w + rng.uniform(0, 0.02) * width
    pen.rectangle((0, height * 0.84, width, height), fill=(40, 74, 60))


def _forest(pen, rng, width, height):
    for row in range(3):
        for _tree in range(26):
            x, foot = rng.uniform(0, width), height * (0.72 + row * 0.12 + rng.uniform(-0.02, 0.02))
            tall = height * rng.uniform(0.1, 0.18)
            green = (24 + row * 6, rng.randint(84, 120) - row * 10, 60)
            for part in range(3):
                top, spread = foot - tall + part * tall * 0.22, tall * (0.2 + part * 0.09)
                pen.polygon(
                    [(x, top), (x - spread, top + tall * 0.42), (x + spread, top + tall * 0.42)], fill=green
                )


_SUBJECTS = {"solar": _solar, "wind": _wind, "storage": _storage, "city": _city, "forest": _forest}
