"""Static files as they are collected: hashed, compressed, and each style sheet with its imports in one file."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'^@import url\("(?P<name>[\w.-]+)"\);\n', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
_LEADING_SPACE = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


class JoinedStyleSheetStorage(CompressedManifestStaticFilesStorage):
    """Puts `@import url("name.css");` of a neighbouring file in its place, so that a page asks for one file.

    The source works without it too, with a request for each part: `make run` with DEBUG=1.
    """

    def post_process(self, paths, dry_run=False, **options):
        joined = {} if dry_run else self._joined(paths)
        for name, text in joined.items():
            self.delete(name)
            self._save(name, ContentFile(text.encode()))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def _joined(self, paths):
        """Read from the sources: what was collected before may be older than a part of it."""

        def source(name):
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode()

        def join(name):
            folder = name.rpartition("/")[0]
            return _IMPORT.sub(lambda match: join(f"{folder}/{match['name']}"), source(name))

        return {
            name: _LEADING_SPACE.sub("", _COMMENT.sub("", join(name)))
            for name in paths
            if name.endswith(".css") and _IMPORT.search(source(name))
        }
