"""Smaller copies of a picture: those that its name promises are stored with it."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from greenenergy.media.renditions import Renditions
from greenenergy.media.stored_pictures import store_picture
from greenenergy.models import SiteSettings
from tests.factories import make_article, make_picture_file


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((200, 100), [200]),
        ((1000, 500), [320, 480, 750, 1000]),
        ((2400, 30), [320, 480, 750, 1080, 1600]),
        ((400, 6000), [320, 400]),
        ((400, 17_000), []),
    ],
)
def test_every_rendition_that_the_name_promises_is_there(size, widths):
    stored = store_picture(make_picture_file("photo.png", size=size))
    renditions = Renditions.of(stored.url)
    assert (renditions.width, renditions.height) == size
    assert [w for _, w in renditions.sources] == widths
    for url, width in renditions.sources:
        with default_storage.open(url.removeprefix("/media/")) as file, Image.open(file) as image:
            assert image.format == "WEBP"
            assert image.width == width
            assert abs(image.height - size[1] * width / size[0]) <= 1


@pytest.mark.django_db
def test_a_cover_and_a_logo_have_renditions_whichever_way_they_are_stored():
    article = make_article(cover=make_picture_file("cover.jpg", size=(700, 400)))
    site = SiteSettings.objects.create(company_name="公司", logo=make_picture_file("logo.png", size=(80, 40)))
    for url in (article.cover.url, site.logo.url):
        sources = Renditions.of(url).sources
        assert sources
        assert all(default_storage.exists(a.removeprefix("/media/")) for a, _ in sources)
