"""Static files as they are collected: hashed, compressed, each style sheet and each script in one file."""

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management import CommandError
from whitenoise.storage import CompressedManifestStaticFilesStorage

from .css_fallbacks import TokenError, light_tokens, with_plain_values
from .script_modules import join_modules

Paths = dict[str, tuple[Storage, str]]  # by name: where a file stands

_IMPORT = re.compile(r'^@import url\("(?P<name>[\w.-]+)"\);\n', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
_LEADING_SPACE = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


class JoinedFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins a style sheet with its parts and puts plain values in front of `var()`.

    Each `@import url("name.css");` is replaced by that file of the same folder, so that a page requests one file.
    The plain values come from `tokens.css` of the same folder. The admin's sheets (`admin*.css`) get none: they
    use the variables of Django's admin, which itself needs a browser with `var()`.

    Scripts of ours are joined with the modules that they import: see script_modules.py.

    With DEBUG=1 the sources are served as they are: one request for each part, and no plain values.
    """

    # Django's hashed names for import(), in our scripts only: those of packages are minified, and no modules.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # noqa: SLF001  Django has no public name
    )

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[tuple]:
        rewritten = {} if dry_run else self._rewritten(paths)
        for name, text in rewritten.items():
            self.delete(name)
            self._save(name, ContentFile(text.encode()))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """WhiteNoise writes these by itself; a proxy that serves the folder must be able to read them too."""
        for path, compressed in super().compress_files(paths):
            os.chmod(self.path(compressed), self.file_permissions_mode)
            yield path, compressed

    def _rewritten(self, paths):
        """Read from the sources: what was collected before may be older than a part of it."""

        def source(name):
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode()

        def part(name):
            folder, _, file = name.rpartition("/")
            tokens = f"{folder}/tokens.css"
            if tokens not in paths or file.startswith("admin"):
                return source(name)
            try:
                return with_plain_values(source(name), light_tokens(source(tokens)))
            except TokenError as error:
                raise CommandError(f"{name}: {error}") from error

        def join(name):
            folder = name.rpartition("/")[0]
            return _IMPORT.sub(lambda match: join(f"{folder}/{match['name']}"), part(name))

        sheets = {name: join(name) for name in paths if name.endswith(".css")}
        scripts = [name for name in paths if name.startswith("js/") and name.endswith(".js")]
        return {name: join_modules(name, source) for name in scripts} | {
            name: _LEADING_SPACE.sub("", _COMMENT.sub("", text))
            for name, text in sheets.items()
            if text != source(name)
        }
