import subprocess
import sys

from django.conf import settings


def test_a_site_without_redis_starts_without_its_package():
    code = "import greenenergy.asgi, sys; print('redis' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
