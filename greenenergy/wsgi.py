"""The site under any plain WSGI server, `manage.py runserver` included: every page is right without the other doors."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenenergy.settings")

_django = get_wsgi_application()

from django.conf import settings

from greenenergy.serving.client_address import TrustedProxies
from news.view_counter import folding

_proxies = TrustedProxies(settings.ENVIRONMENT.trusted_proxies)


def application(environ, start_response):
    folding.start_folding()  # in whichever process serves; costs nothing once it runs
    _proxies.apply(environ)
    return _django(environ, start_response)
