"""Pictures of which a careless upload would keep only a part: animations, photos with a second picture, tall ones."""

import io

import pytest
from PIL import ExifTags, Image

from greenenergy.media.pictures import clean_picture
from greenenergy.media.renditions import Renditions
from greenenergy.media.stored_pictures import store_picture
from tests.factories import make_picture_file

from .encoding import encode

MOVING = [Image.new("RGB", (30, 20), (step * 80, 0, 0)) for step in range(3)]
TIMES = [40, 500, 90]


def frames(image):
    """Red and duration of each frame."""
    shown = []
    for step in range(image.n_frames):
        image.seek(step)
        shown.append((image.convert("RGB").getpixel((5, 5))[0], image.info["duration"]))
    return shown


@pytest.mark.parametrize(("image_format", "extension"), [("WEBP", "webp"), ("PNG", "png"), ("GIF", "gif")])
def test_an_animation_keeps_its_format_its_frames_and_their_times(image_format, extension):
    options = {"lossless": True} if image_format == "WEBP" else {}
    moving = encode(
        MOVING[0], image_format, save_all=True, append_images=MOVING[1:], duration=TIMES, loop=3, **options
    )
    picture = clean_picture(moving)
    image = Image.open(io.BytesIO(picture.read()))
    assert image.format == image_format
    assert image.size == (30, 20) == (picture.width, picture.height)
    assert [duration for _, duration in frames(image)] == TIMES
    assert [red for red, _ in frames(image)] == pytest.approx([0, 80, 160], abs=8)
    assert image.info["loop"] == 3
    assert picture.name.endswith(f".{extension}")
    assert Renditions.of(picture.name) is None


def test_the_still_picture_of_an_animated_png_is_none_of_its_frames():
    still = Image.new("RGB", (30, 20), (0, 0, 250))
    moving = encode(still, "PNG", save_all=True, append_images=MOVING, duration=TIMES, default_image=True)
    image = Image.open(io.BytesIO(clean_picture(moving).read()))
    assert [red for red, _ in frames(image)] == [0, 80, 160]


def photo_with_a_second_picture(size, **options):
    second = Image.new("L", (40, 30))
    return encode(
        Image.new("RGB", size, (200, 30, 30)), "MPO", save_all=True, append_images=[second], **options
    )


@pytest.mark.parametrize("size", [(80, 60), (4000, 3000)])
def test_a_photo_with_a_second_picture_in_it_is_a_photo(size):
    picture = clean_picture(photo_with_a_second_picture(size))
    image = Image.open(io.BytesIO(picture.read()))
    assert image.format == "JPEG"
    assert getattr(image, "n_frames", 1) == 1
    assert image.size == (min(size[0], 2560), min(size[1], 1920))
    assert image.getpixel((5, 5))[0] > 190
    assert picture.name.endswith(".jpg")


def test_a_photo_with_a_second_picture_stands_upright():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    assert clean_picture(photo_with_a_second_picture((80, 60), exif=exif)).width == 60


def test_a_tall_picture_stays_legible():
    stored = store_picture(make_picture_file("long.png", size=(1080, 12_000)))
    assert (stored.width, stored.height) == (1080, 12_000)
    assert Renditions.of(stored.url).sources[-1][1] == 1080


def test_a_picture_too_tall_for_webp_is_shown_as_it_is():
    stored = store_picture(make_picture_file("long.jpg", size=(200, 20_000)))
    assert (stored.width, stored.height) == (200, 20_000)
    assert Renditions.of(stored.url).sources == ()
