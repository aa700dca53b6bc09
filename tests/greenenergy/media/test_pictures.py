"""Uploaded pictures: what stays of them, and what is refused before it costs anything."""

import io
import resource
import struct
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from greenenergy.media.pictures import MAX_FRAMES, clean_picture
from greenenergy.media.scaling import MAX_SIDE
from tests.factories import make_picture_file

from .encoding import encode


def clean(file):
    """The cleaned picture, opened, and its bytes."""
    picture = clean_picture(file)
    data = picture.read()
    return Image.open(io.BytesIO(data)), data, picture


@pytest.mark.parametrize(
    ("image_format", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png")]
)
def test_formats_stay_and_names_are_random(image_format, extension):
    source = Image.new("RGB", (50, 40), (200, 30, 30))
    image, _, picture = clean(encode(source, image_format))
    assert image.size == (50, 40)
    assert picture.name.endswith(f".{extension}")
    assert len(picture.name) > 16
    assert clean_picture(encode(source, image_format)).name != picture.name
    red, green, blue = image.convert("RGB").getpixel((25, 20))
    assert abs(red - 200) < 6
    assert abs(green - 30) < 6
    assert abs(blue - 30) < 6


def test_place_camera_and_comments_are_gone():
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (24.0, 28.0, 0.0)
    _, data, _ = clean(encode(Image.new("RGB", (60, 60)), "JPEG", exif=exif, comment=b"SecretComment"))
    assert b"Secret" not in data
    assert b"Exif" not in data


def test_png_texts_are_gone():
    info = PngInfo()
    info.add_text("Author", "SecretAuthor")
    _, data, _ = clean(encode(Image.new("RGB", (60, 60)), "PNG", pnginfo=info))
    assert b"Secret" not in data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation):
    """The top left corner of what is shown is red, however the camera was held."""
    upright = Image.new("RGB", (64, 48), (0, 0, 200))
    upright.paste((220, 0, 0), (0, 0, 16, 16))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    held = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image, _, picture = clean(encode(held, "JPEG", exif=exif, quality=95))
    assert image.size == (64, 48) == (picture.width, picture.height)
    assert image.getpixel((4, 4))[0] > 180
    assert image.getpixel((60, 44))[2] > 150


def test_a_large_photo_is_scaled_down():
    image, _, picture = clean(make_picture_file("large.jpg", size=(6000, 4000)))
    assert image.size == (MAX_SIDE, round(MAX_SIDE * 4000 / 6000)) == (picture.width, picture.height)


def test_transparency_stays():
    image, _, _ = clean(encode(Image.new("RGBA", (20, 20), (0, 200, 0, 0)), "PNG"))
    assert image.mode == "RGBA"
    assert image.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "I;16", "RGB", "RGBA"])
def test_every_kind_of_png(mode):
    image, _, _ = clean(encode(Image.new(mode, (20, 20)), "PNG"))
    assert image.size == (20, 20)


def test_cmyk_and_profiles_become_srgb():
    image, _, _ = clean(encode(Image.new("CMYK", (20, 20), (255, 0, 0, 0)), "JPEG"))
    assert image.mode == "RGB"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image, _, _ = clean(encode(Image.new("RGB", (20, 20)), "JPEG", icc_profile=profile))
    assert "icc_profile" not in image.info
    clean(encode(Image.new("RGB", (20, 20)), "JPEG", icc_profile=b"rubbish" * 50))


def test_a_moving_gif_moves():
    frames = [Image.new("RGB", (30, 30), (step * 80, 0, 0)) for step in range(3)]
    image, _, picture = clean(encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80))
    assert image.n_frames == 3
    assert picture.name.endswith(".gif")


def png_of(width, height):
    """A PNG with that size in its header and hardly any data."""

    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0" * 100)) + part(b"IEND", b"")
    return ContentFile(b"\x89PNG\r\n\x1a\n" + content, name="bomb.png")


@pytest.mark.parametrize("size", [(60_000, 60_000), (8_000, 8_000), (50_000_001, 1)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size):
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(ValidationError, match="像素太多"):
        clean_picture(png_of(*size))
    assert time.process_time() - start < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


def test_a_gif_of_too_many_frames_is_refused():
    frames = [Image.new("1", (4, 4), step % 2) for step in range(MAX_FRAMES + 1)]
    with pytest.raises(ValidationError, match="像素太多"):
        clean_picture(encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))


def test_frames_of_a_moving_gif_keep_their_times():
    frames = [Image.new("RGB", (30, 30), (step * 80, 0, 0)) for step in range(3)]
    moving = encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[40, 500, 90], loop=3)
    image, _, _ = clean(moving)
    shown = []
    for step in range(image.n_frames):
        image.seek(step)
        shown.append(image.info["duration"])
    assert shown == [40, 500, 90]
    assert image.info["loop"] == 3


@pytest.mark.parametrize("image_format", ["BMP", "TIFF", "ICO", "PPM", "TGA"])
def test_other_formats_are_refused_in_words(image_format):
    with pytest.raises(ValidationError, match="JPG、PNG、WebP 或 GIF"):
        clean_picture(encode(Image.new("RGB", (20, 20)), image_format))


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_is_a_picture_or_a_message_and_never_a_fault(image_format, data):
    content = bytearray(
        encode(Image.linear_gradient("L").resize((40, 30)).convert("RGB"), image_format).read()
    )
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    try:
        picture = clean_picture(ContentFile(bytes(content), name="damaged"))
    except ValidationError:
        return
    assert picture.width > 0
