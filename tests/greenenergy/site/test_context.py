"""`{{ site.… }}` in a template: the fields of the settings under their own names."""

import pytest
from django.template import Context, Template

from greenenergy.models import SiteSettings
from greenenergy.site.context import Site
from tests.factories import make_settings

pytestmark = pytest.mark.django_db


def render(rf, template):
    return Template(template).render(Context({"site": Site(rf.get("/news/"))}))


def test_site_address_is_the_postal_address_and_root_url_the_host(rf):
    make_settings(address="厦门市集美区示例路 1 号")
    assert render(rf, "{{ site.address }}") == "厦门市集美区示例路 1 号"
    assert render(rf, "{{ site.root_url }}/news/") == "http://testserver/news/"


def test_no_field_of_the_settings_is_hidden_but_the_names_that_follow_the_language():
    fields = {field.name for field in SiteSettings._meta.get_fields()}
    assert fields & set(vars(Site)) == {"company_name", "short_name"}
