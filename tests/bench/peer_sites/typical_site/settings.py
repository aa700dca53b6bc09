from tests.bench.peer_sites.base_settings import *  # noqa: F403
from tests.bench.peer_sites.base_settings import CONTEXT_PROCESSORS, DJANGO_APPS

INSTALLED_APPS = ["tests.bench.peer_sites.typical_site", *DJANGO_APPS]
ROOT_URLCONF = "tests.bench.peer_sites.typical_site.views"
CONTEXT_PROCESSORS.append("tests.bench.peer_sites.typical_site.views.on_every_page")
