"""The memory that decoding takes: estimated beforehand, limited, and taken by one large picture at a time."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from greenenergy.media import pictures
from greenenergy.media.decoding import decoding_bytes, needs_all_scans
from greenenergy.media.pictures import clean_picture
from greenenergy.media.scaling import fitted
from tests.factories import make_picture_file

from .encoding import encode


def test_kinds_of_files_that_need_much_memory_may_have_fewer_pixels(monkeypatch):
    """Only a baseline JPEG is decoded row by row, and only a large JPEG at half its size."""
    monkeypatch.setattr(pictures, "MAX_DECODING_BYTES", 9 * 400 * 300)
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
    """It is not progressive, but must be read completely before the first row can be computed."""
    data = bytearray(encode(Image.new("RGB", (40, 30)), "JPEG").read())
    with Image.open(io.BytesIO(data)) as image:
        assert not needs_all_scans(image)
    scan = data.index(b"\xff\xda")
    data[scan : scan + 14] = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    with Image.open(io.BytesIO(data)) as image:
        assert needs_all_scans(image)


def test_the_largest_webp_and_progressive_photos_of_phones_are_taken():
    with Image.open(encode(Image.new("RGB", (4080, 3072)), "WEBP", method=0)) as image:
        assert decoding_bytes(image, 1, fitted(image.size)) <= pictures.MAX_DECODING_BYTES
    with Image.open(encode(Image.new("RGB", (8160, 6120)), "JPEG", progressive=True)) as image:
        assert decoding_bytes(image, 1, fitted(image.size)) <= pictures.MAX_DECODING_BYTES


def test_a_large_jpeg_is_decoded_at_half_its_size():
    with Image.open(make_picture_file("large.jpg", size=(6000, 4000))) as image:
        assert decoding_bytes(image, 1, fitted(image.size)) == 3000 * 2000 * 4


def test_large_pictures_wait_for_each_other(monkeypatch):
    """Two uploads at once in one process do not take twice the memory. Small pictures take no lock."""
    taken = []

    class Lock:
        def __enter__(self):
            taken.append(True)

        def __exit__(self, *fault):
            return None

    monkeypatch.setattr(pictures, "large_picture_lock", Lock())
    clean_picture(make_picture_file("small.png"))
    assert not taken
    clean_picture(make_picture_file("large.png", size=(4000, 3000)))
    assert taken


def test_a_moving_gif_with_frames_that_are_too_large_is_refused(monkeypatch):
    frames = [Image.new("1", (400, 400), step % 2) for step in range(3)]
    moving = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    clean_picture(moving)
    monkeypatch.setattr(pictures, "MAX_DECODING_BYTES", 20 * 400 * 400)
    with pytest.raises(ValidationError, match="每帧最多 8 万像素"):
        clean_picture(moving)
