"""The site under a plain WSGI server, such as `manage.py runserver`: it serves every page without the other doors."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenenergy.settings")

_django = get_wsgi_application()

from django.conf import settings

from greenenergy.serving.client_address import TrustedProxies
from news.view_counter.folding import start_in_this_process

_proxies = TrustedProxies(settings.ENVIRONMENT.trusted_proxies)


def application(environ, start_response):
    start_in_this_process()  # not at import: only a process that serves requests needs it
    _proxies.apply(environ)
    return _django(environ, start_response)
