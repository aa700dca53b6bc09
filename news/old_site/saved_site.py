"""The files that were saved along with a page: a mirror of the old site, or the folder beside the page."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit


class SavedSite:
    """Finds the file that a URL in one page means.

    root       the folder that was named on the command line: nothing outside it is ever read
    page       the page's file
    page_url   the page's URL on the old site, if it is known
    used       paths of files that were found, for the whole run
    """

    def __init__(self, root: Path, page: Path, page_url: str = "", used: set[Path] | None = None):
        self._root = root.resolve()
        self._folder = page.parent.resolve()
        self._host = _host_of(page_url)
        self._used = set() if used is None else used

    def find(self, url: str) -> Path | None:
        """The file in or below the root that a URL means, relative or not; None if there is none."""
        with suppress(OSError, ValueError):  # ValueError: a null byte, or a malformed URL
            for path in self._candidates(url.strip().replace("\\", "/")):
                with suppress(FileNotFoundError, NotADirectoryError):
                    path = path.resolve(strict=True)
                    if path.is_relative_to(self._root) and path.is_file():
                        self._used.add(path)
                        return path
        return None

    def _candidates(self, url) -> Iterator[Path]:
        """Where the file may be, the likeliest first."""
        parts = urlsplit(url)
        path = unquote(parts.path)
        if parts.scheme not in ("", "http", "https") or not path.strip("/"):
            return
        names = [f"{path}?{parts.query}", path] if parts.query else [path]  # wget keeps the query in the name
        for name in names:
            if parts.netloc:
                yield from (folder / parts.netloc / name.lstrip("/") for folder in self._folders())
                if self._host and parts.netloc.lower() != self._host:
                    continue
            elif not name.startswith("/"):
                yield self._folder / name
            while name.startswith(("/", "../", "./")):
                name = name.lstrip("/").removeprefix("../").removeprefix("./")
            yield from (folder / name for folder in self._folders())

    def _folders(self):
        """The folders from the page's up to the root: any may be where the old site began."""
        folder = self._folder
        while folder.is_relative_to(self._root):
            yield folder
            folder = folder.parent


def _host_of(url):
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
