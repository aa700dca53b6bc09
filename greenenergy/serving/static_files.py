"""Which static files are collected: of packages, only what a page of this site can request.

A worker looks at every collected file when it starts. Three in four of CKEditor's belong to languages and plugins that
greenenergy/editing/editor.py does not load.
"""

from django.contrib.staticfiles.apps import StaticFilesConfig

_EDITOR = "ckeditor/ckeditor/"
_UNUSED_PLUGINS = (
    "about", "adobeair", "autoembed", "bbcode", "codesnippet", "codesnippetgeshi", "colordialog", "copyformatting",
    "devtools", "divarea", "div", "docprops", "embed", "embedbase", "embedsemantic", "exportpdf", "flash", "forms",
    "iframe", "iframedialog", "image", "language", "liststyle", "mathjax", "pagebreak", "placeholder", "preview",
    "scayt", "sharedspace", "smiley", "sourcedialog", "stylesheetparser", "tableresize", "templates", "uicolor", "wsc",
)  # fmt: skip
_FOLDERS_OF_LANGUAGES = (f"{_EDITOR}*lang/", "admin/js/vendor/select2/i18n/")
_OTHER_LANGUAGES = ("[!ez]*", "e[!n]*", "en[!.]*")  # than en, zh, zh-cn: the admin's


class CollectedStaticFiles(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "ckeditor/galleriffic/*",  # the package's own demo
        "ckeditor/file-icons/*",
        f"{_EDITOR}*.md",
        f"{_EDITOR}samples/*",
        f"{_EDITOR}adapters/*",
        f"{_EDITOR}skins/moono/*",  # the editor uses moono-lisa
        *(f"{_EDITOR}plugins/{plugin}/*" for plugin in _UNUSED_PLUGINS),
        *(folder + name for folder in _FOLDERS_OF_LANGUAGES for name in _OTHER_LANGUAGES),
    ]
