"""Files of an old site, for all tests of the import."""

import pytest


@pytest.fixture
def old(tmp_path):
    """A function that writes one file of an old site, and returns its path."""

    def write(name, content):
        path = tmp_path / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
