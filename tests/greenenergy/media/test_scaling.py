"""Scaling in bands gives the same picture as scaling in one piece."""

import random

import pytest
from PIL import Image

from greenenergy.media import scaling


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "CMYK", "I;16"])
@pytest.mark.parametrize("size", [(500, 300), (300, 501), (900, 31)])
def test_scaled_by_bands_is_scaled_in_one_piece(monkeypatch, mode, size):
    """No seams between the bands: the result of Lanczos on the whole picture."""
    monkeypatch.setattr(scaling, "MAX_SIDE", 130)
    monkeypatch.setattr(scaling, "TALL_WIDTH", 1)
    monkeypatch.setattr(scaling, "BAND_PIXELS", 9000)
    whole = Image.frombytes("RGB", size, random.Random(7).randbytes(3 * size[0] * size[1]))
    if mode == "I;16":
        whole = Image.frombytes("I;16", size, random.Random(7).randbytes(2 * size[0] * size[1]))
    elif mode in ("RGBA", "LA"):
        whole.putalpha(Image.linear_gradient("L").resize(size))
    whole = whole if mode == "I;16" else whole.quantize(64) if mode == "P" else whole.convert(mode)
    wanted_mode = "CMYK" if mode == "CMYK" else "RGBA" if "A" in mode else "RGB"
    fitted = scaling.fitted(size)
    wanted = scaling.in_mode(whole, wanted_mode).resize(fitted, Image.Resampling.LANCZOS)
    made = scaling.scaled(whole, fitted, wanted_mode)
    assert made.mode == wanted_mode
    assert made.size == fitted
    assert max(made.size) == 130
    if wanted_mode == "RGBA":  # the colours of nearly transparent pixels may differ
        made, wanted = made.convert("RGBa"), wanted.convert("RGBa")
    pairs = zip(made.tobytes(), wanted.tobytes(), strict=True)
    assert max(abs(ours - theirs) for ours, theirs in pairs) <= 1


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((1080, 12_000), (1080, 12_000)),
        ((2160, 10_000), (1600, 7407)),
        ((800, 40_000), (600, 30_000)),
        ((3024, 4032), (1920, 2560)),
        ((12_000, 1080), (2560, 230)),
        ((600, 800), (600, 800)),
    ],
)
def test_of_a_tall_picture_the_width_counts(size, shown):
    assert scaling.fitted(size) == shown
    assert scaling.fitted(size[::-1], is_turned=True) == shown[::-1]
