"""Uploaded pictures: what stays of them, and what is refused before it costs anything."""

import io
import random
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

from greenenergy.media import pictures
from greenenergy.media.pictures import MAX_SIDE, clean_picture
from tests.factories import make_picture_file


def encode(image, image_format, **options):
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return ContentFile(buffer.getvalue(), name=f"x.{image_format.lower()}")


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
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "SecretAuthor")
    _, data, _ = clean(encode(Image.new("RGB", (60, 60)), "PNG", pnginfo=info))
    assert b"Secret" not in data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation):
    """The top left corner is red as one looks at it, however the camera was held."""
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
    """A PNG that says how large it is, and holds next to nothing."""

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
    frames = [Image.new("1", (4, 4), step % 2) for step in range(pictures.MAX_FRAMES + 1)]
    with pytest.raises(ValidationError, match="像素太多"):
        clean_picture(encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "CMYK", "I;16"])
@pytest.mark.parametrize("size", [(500, 300), (300, 501), (900, 31)])
def test_scaled_by_bands_is_scaled_in_one_piece(monkeypatch, mode, size):
    """No seams: as Lanczos makes it of the whole."""
    monkeypatch.setattr(pictures, "MAX_SIDE", 130)
    monkeypatch.setattr(pictures, "BAND_PIXELS", 9000)
    whole = Image.frombytes("RGB", size, random.Random(7).randbytes(3 * size[0] * size[1]))
    if mode == "I;16":
        whole = Image.frombytes("I;16", size, random.Random(7).randbytes(2 * size[0] * size[1]))
    elif mode in ("RGBA", "LA"):
        whole.putalpha(Image.linear_gradient("L").resize(size))
    whole = whole if mode == "I;16" else whole.quantize(64) if mode == "P" else whole.convert(mode)
    wanted_mode = "CMYK" if mode == "CMYK" else "RGBA" if "A" in mode else "RGB"
    fitted = pictures._fitted(size)
    wanted = pictures._in_plain_colors(whole, wanted_mode).resize(fitted, Image.Resampling.LANCZOS)
    made = pictures._scaled(whole, fitted, wanted_mode)
    assert made.mode == wanted_mode
    assert made.size == fitted
    assert max(made.size) == 130
    if wanted_mode == "RGBA":  # the colour of what is hardly seen says little
        made, wanted = made.convert("RGBa"), wanted.convert("RGBa")
    pairs = zip(made.tobytes(), wanted.tobytes(), strict=True)
    assert max(abs(ours - theirs) for ours, theirs in pairs) <= 1


def test_kinds_of_files_that_need_much_memory_may_have_fewer_pixels(monkeypatch):
    """A plain JPEG is decoded row by row, and a large one at half its size; nothing else is."""
    monkeypatch.setattr(pictures, "MAX_WORK", 9 * 400 * 300)
    picture = Image.new("RGB", (400, 300))
    for image_format, options in [
        ("JPEG", {"subsampling": 0}),
        ("JPEG", {"progressive": True, "subsampling": 2}),
        ("JPEG", {"progressive": True, "subsampling": 2, "optimize": True}),
        ("PNG", {}),
    ]:
        assert clean_picture(encode(picture, image_format, **options)).width == 400
    for image_format, options in [("JPEG", {"progressive": True, "subsampling": 0}), ("WEBP", {})]:
        with pytest.raises(ValidationError, match=r"这种格式最多 \d+ 万像素"):
            clean_picture(encode(picture, image_format, **options))


def test_a_jpeg_whose_components_come_one_after_the_other_counts_as_progressive():
    """Not progressive, but all of it must be read before a row can be made."""
    data = bytearray(encode(Image.new("RGB", (40, 30)), "JPEG").read())
    with Image.open(io.BytesIO(data)) as image:
        assert not pictures._has_many_scans(image)
    scan = data.index(b"\xff\xda")
    data[scan : scan + 14] = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    with Image.open(io.BytesIO(data)) as image:
        assert pictures._has_many_scans(image)


def test_the_largest_webp_and_progressive_photos_of_phones_are_taken():
    with Image.open(encode(Image.new("RGB", (4080, 3072)), "WEBP", method=0)) as image:
        assert pictures._work(image, 1, pictures._fitted(image.size)) <= pictures.MAX_WORK
    with Image.open(encode(Image.new("RGB", (8160, 6120)), "JPEG", progressive=True)) as image:
        assert pictures._work(image, 1, pictures._fitted(image.size)) <= pictures.MAX_WORK


def test_a_large_jpeg_is_decoded_at_half_its_size():
    with Image.open(make_picture_file("large.jpg", size=(6000, 4000))) as image:
        assert pictures._work(image, 1, pictures._fitted(image.size)) == 3000 * 2000 * 4


def test_large_pictures_wait_for_each_other(monkeypatch):
    """Two uploads at once in one process do not take twice the memory; small ones wait for nobody."""
    taken = []

    class Lock:
        def __enter__(self):
            taken.append(True)

        def __exit__(self, *fault):
            return None

    monkeypatch.setattr(pictures, "_one_large_picture", Lock())
    clean_picture(make_picture_file("small.png"))
    assert not taken
    clean_picture(make_picture_file("large.png", size=(4000, 3000)))
    assert taken


def test_a_moving_gif_with_frames_that_are_too_large_is_refused(monkeypatch):
    frames = [Image.new("1", (400, 400), step % 2) for step in range(3)]
    moving = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    clean_picture(moving)
    monkeypatch.setattr(pictures, "MAX_WORK", 20 * 400 * 400)
    with pytest.raises(ValidationError, match="每帧最多 8 万像素"):
        clean_picture(moving)


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
