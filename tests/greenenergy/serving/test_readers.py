"""Whom the running gunicorn counts as a reader, with and without a trusted proxy."""

import pytest

from tests.servers import wait_for

from .raw_requests import LIMITS, make_article

pytestmark = pytest.mark.server


def test_a_forged_ip_makes_no_new_reader(make_site):
    site = make_site(**LIMITS)
    path = make_article(site)
    for number in range(20):
        site.get(path, X_Forwarded_For=f"1.2.3.{number}", User_Agent="reader")
    views = "from news.models import ViewTotal; print(*ViewTotal.objects.values_list('views', flat=True))"
    wait_for(lambda: site.shell(views) == "1", 10)


def test_readers_behind_a_trusted_proxy_are_counted_separately(make_site):
    site = make_site(**LIMITS, TRUSTED_PROXIES="127.0.0.1")
    path = make_article(site)
    for number in range(20):
        site.get(path, X_Forwarded_For=f"9.9.9.9, 1.2.3.{number}", User_Agent="reader")
    views = "from news.models import ViewTotal; print(*ViewTotal.objects.values_list('views', flat=True))"
    wait_for(lambda: site.shell(views) == "20", 10)
