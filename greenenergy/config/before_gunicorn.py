"""Imported before gunicorn, which reads WEB_CONCURRENCY by itself and answers a wrong one with a traceback.

The Makefile puts before_gunicorn.pth into the virtual environment; Python reads such files when it starts.
"""

import os
import sys

from .operator_settings import SETTINGS
from .values import SettingError

_setting = next(setting for setting in SETTINGS if setting.name == "WEB_CONCURRENCY")
try:
    assert _setting.read  # noqa: S101  for the type checker
    _setting.read(os.environ)
except SettingError as error:
    sys.stderr.write(f"{error}\n")
    sys.stderr.flush()
    os._exit(1)  # SystemExit would be a fault of Python's own start
if not os.environ.get("WEB_CONCURRENCY", "").strip():
    os.environ.pop("WEB_CONCURRENCY", None)  # empty is not set, as for every other setting
