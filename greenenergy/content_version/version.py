"""The content version: a number that changes whenever something visitors see has been saved.

It is stored in a file that the workers of a machine map into memory, so that reading it for every answer costs less
than a microsecond. A second number in the file is random: it identifies this machine.
"""

import secrets
import socket
import time
from hashlib import sha256

from django.conf import settings

from greenenergy.serving.shared_numbers import SharedNumbers

_VERSION, _MACHINE = 0, 1

numbers = SharedNumbers("CONTENT_VERSION_FILE", step=2)


def current() -> int:
    """The content version now. Versions rise, also over a restart."""
    return numbers[_VERSION]


def bump() -> None:
    """Begin a new version in every worker of this machine. Raises OSError where the file cannot be written."""
    with numbers.locked() as writable:
        # Nanoseconds since 1970, so that a file that was lost does not repeat versions; and always higher than before.
        writable[_VERSION] = max(time.time_ns(), writable[_VERSION] + 1)


def bump_if_replaced() -> None:
    """Begin a new version if the file was removed or replaced: other processes may have mapped the new one."""
    if numbers.is_replaced():
        numbers.forget()
        bump()


def machine() -> str:
    """Identifies the processes that share the file. The host name is not enough: containers may have the same."""
    if not numbers[_MACHINE]:
        with numbers.locked(_MACHINE) as writable:
            writable[_MACHINE] = writable[_MACHINE] or secrets.randbits(63) + 1
    own = f"{socket.gethostname()} {settings.CONTENT_VERSION_FILE} {numbers[_MACHINE]}"
    return sha256(own.encode()).hexdigest()[:40]
