"""Rich text: what a body may hold, and the field that keeps everything else out.

CKEditor 4 gets no more fixes, and bodies also come from imports and from the shell, so whatever is
stored has gone through one allow-list, here, in the field's own `pre_save`.

nh3's time is quadratic in the nesting depth (1 MB of nested tags does not finish in three
minutes), and html5ever compares every attribute of a tag with all others: size, depth and
attributes are capped by a scan in linear time *before* the cleaner sees the text.
"""

import html
import re

import nh3
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

MAX_BYTES = 600_000  # 200,000 Chinese characters; the cleaner's worst case then costs about 3 s
MAX_DEPTH = 60
MAX_ATTRIBUTES_PER_TAG = 40
EXCERPT_LENGTH = 120

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6",
    "strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "mark", "code", "pre",
    "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "a",
    "figure", "figcaption", "img",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "*": set(),  # else the cleaner adds its own: lang and title on every tag
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope", "class"},
    "td": {"colspan", "rowspan", "class"},
    **{tag: {"class"} for tag in ("p", "h2", "h3", "h4", "figure")},
}
CLASSES = {
    "align-left",
    "align-center",
    "align-right",
    "image",
}  # "image" is how the editor knows its own figures
_NOT_IN_ADDRESSES = re.compile(r"[\t\n\r]")  # browsers drop them: "/<tab>/host" is "//host"
_AROUND_ADDRESSES = "".join(map(chr, range(0x21)))
_SMALL_NUMBERS = {"width", "height", "colspan", "rowspan", "start"}


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Numbers must be numbers, classes ours; `//host` addresses are made plain: they follow our own scheme."""
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES) or None
    if name in _SMALL_NUMBERS:
        return value if re.fullmatch(r"[0-9]{1,4}", value) else None
    if name in ("href", "src"):
        value = _NOT_IN_ADDRESSES.sub("", value).strip(_AROUND_ADDRESSES)
        if re.match(r"[\\/]{2}", value):
            return "https://" + value.lstrip("\\/")
        first = re.split(r"[/?#]", value, maxsplit=1)[0]
        if ":" in first and not re.match(r"(https?|mailto|tel):", first, re.IGNORECASE):
            return None  # neither a scheme of ours nor a plain relative address
    return value


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_keep_attribute,
    clean_content_tags={
        "script",
        "style",
        "title",
        "textarea",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
    strip_comments=True,
)

# Tags that close themselves, and tags whose end may be left out: a new one ends the last.
_UNCOUNTED = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60})")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:[^\s/>=]|=(?=[^\s/>]))[^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*))?"""
)
_BLOCK_END = re.compile(r"</(?:p|h[2-6]|li|dt|dd|blockquote|figcaption|caption|tr|pre)>|<br>|<hr>")
_CELL_END = re.compile(r"</t[hd]>")
# Exact in clean HTML: there < stands only before a tag, and attribute values in double quotes.
_ANY_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_AFTER_STOP = re.compile(r"(?<=[。！？；：，、…”’）》」』]) ")  # a full-width stop brings its own space
_NO_PROSE = re.compile(r"<(h[2-6]|figcaption|table|pre)(?=[\s>]).*?</\1>", re.DOTALL)
# Begins behind a letter, and takes spaces once: a long run of them costs no more than its length.
_ITEM_END = re.compile(
    r"(?<![。！？；：，、…,;:!?\s])(?<!</[uo]l>)(?<!<li>)(\s*+(?:</p>\s*+)?</li>)(\s*+<li)?"
)
_H1 = re.compile(r"<(/?)h1(?=[\s/>])", re.IGNORECASE)
_PRE = re.compile(r"<pre>\n+")
_NO_PICTURE = re.compile(r"(?:mailto|tel):|$", re.IGNORECASE)
_IMG = re.compile(r'<img\b[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_SRC = re.compile(r'\ssrc="([^"]*)"')
_ALT = re.compile(r'\salt="([^"]*)"')


class RichTextError(ValidationError):
    """The text is too large or too deeply nested to be cleaned. Nothing of it was stored."""


def check_limits(text: str, max_bytes: int = MAX_BYTES) -> None:
    """Raise RichTextError where `text` could cost the cleaner more than linear time.

    Depth is the number of tags opened and not closed by name, so formatting tags left open, which a
    browser opens again in each paragraph, count too. Tags with an implied end are left out: they
    nest at most once within each counted one.
    """
    _check_size(text, max_bytes)
    open_tags: dict[str, int] = {}
    depth = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if match[1]:
            if open_tags.get(name):
                open_tags[name] -= 1
                depth -= 1
            continue
        _check_attributes(text, match.end())
        if name in _UNCOUNTED:
            continue
        open_tags[name] = open_tags.get(name, 0) + 1
        depth += 1
        if depth > MAX_DEPTH:
            raise RichTextError(
                _("正文的格式嵌套太深（超过 %(limit)d 层）。请选中全文，点“清除格式”后再保存。")
                % {"limit": MAX_DEPTH},
                code="too_deep",
            )


def _check_size(text, max_bytes):
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise RichTextError(
            _("正文太大：%(size)d KB，最多 %(limit)d KB。请把文章分成几篇，图片请用“图片”按钮上传。")
            % {"size": -(-size // 1000), "limit": max_bytes // 1000},
            code="too_large",
        )


def _check_attributes(text, position):
    for _count in range(MAX_ATTRIBUTES_PER_TAG):
        match = _ATTRIBUTE.match(text, position)
        if not match:
            return
        position = match.end()
    if _ATTRIBUTE.match(text, position):
        raise RichTextError(
            _("正文里有一个标签带了太多属性（超过 %(limit)d 个）。请选中全文，点“清除格式”后再保存。")
            % {"limit": MAX_ATTRIBUTES_PER_TAG},
            code="too_many_attributes",
        )


def sanitize(text: str) -> str:
    """Allowed HTML only; raises RichTextError over the caps. Clean text comes back unchanged.

    A picture on another host becomes a link to it: readers' browsers ask nobody but this site,
    and what the editor pasted is not lost.
    """
    check_limits(text)
    clean = _clean(text)
    shown = _IMG.sub(_picture_of_this_site, clean)
    if shown != clean:
        shown = _clean(shown)  # a link may now stand in a link
    _check_size(shown, MAX_BYTES)  # & grows to &amp;: what is stored must be accepted again
    return shown


def count_foreign_pictures(text: str) -> int:
    """How many pictures of `text` sanitize() turns into links."""
    return sum(_is_foreign(match[0]) for match in _IMG.finditer(_clean(text)))


def _clean(text):
    # <h1> is the article's title. A parser drops the first line break in <pre>, each time anew.
    return _PRE.sub("<pre>", _CLEANER.clean(_H1.sub(r"<\1h2", text.replace("\x00", ""))))


def _is_foreign(picture):
    source = _SRC.search(picture)
    return bool(source and re.match(r"https?:", source[1], re.IGNORECASE))


def _picture_of_this_site(match):
    source = _SRC.search(match[0])
    if not source or _NO_PICTURE.match(source[1]):
        return ""
    if not _is_foreign(match[0]):
        return match[0]
    alt = _ALT.search(match[0])
    name = (alt and alt[1]) or source[1]
    return f'<a href="{source[1]}" rel="noopener noreferrer">{_("外站图片")}：{name.replace("<", "&lt;")}</a>'


def plain_text(clean_html: str) -> str:
    """The words of clean HTML, a line for each block."""
    text = _BLOCK_END.sub("\n", _CELL_END.sub(" ", clean_html))
    lines = (" ".join(line.split()) for line in html.unescape(_ANY_TAG.sub("", text)).splitlines())
    return "\n".join(line for line in lines if line)


def first_picture(clean_html: str) -> str:
    """The address of the first picture in clean HTML, or ''."""
    match = re.search(r'<img\b[^>]*?\ssrc="([^"]*)"', clean_html)
    return html.unescape(match[1]) if match else ""


class _Clean(str):
    """Text that the field has cleaned a moment ago."""


class RichTextField(models.TextField):
    """HTML that is clean whenever it is stored: `save`, `create`, `bulk_create` alike.

    Like ImageField's width_field, the names of sibling fields may be given, declared *after* this
    one, which are filled from the clean text: its words, an excerpt of them, its first picture.
    `update()` and `bulk_update()` clean as well, but know no siblings.
    """

    def __init__(self, *args, text_field=None, excerpt_field=None, picture_field=None, **kwargs):
        self.text_field, self.excerpt_field, self.picture_field = text_field, excerpt_field, picture_field
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("text_field", "excerpt_field", "picture_field"):
            if getattr(self, key):
                kwargs[key] = getattr(self, key)
        return name, path, args, kwargs

    @property
    def derived_fields(self) -> list[str]:
        """Names of the fields that must be stored together with this one."""
        return [name for name in (self.text_field, self.excerpt_field, self.picture_field) if name]

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        return sanitize(value) if value else value

    def pre_save(self, model_instance, add):
        clean = sanitize(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, clean)
        if self.derived_fields:
            words = plain_text(clean)
            if self.text_field:
                setattr(model_instance, self.text_field, words)
            if self.excerpt_field:
                setattr(model_instance, self.excerpt_field, excerpt(clean))
            if self.picture_field:
                setattr(model_instance, self.picture_field, first_picture(clean)[:500])
        return _Clean(clean)

    def get_db_prep_save(self, value, connection):
        """What comes past pre_save, by update() or bulk_update(), is cleaned too; the derived fields stay."""
        if isinstance(value, str):
            value = str(value if isinstance(value, _Clean) else sanitize(value))
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs):
        from greenenergy.editing.editor import RichTextWidget  # the editor's seam; not needed to store text

        # The admin would put its own textarea in place of ours.
        return super().formfield(**{**kwargs, "widget": RichTextWidget})


def excerpt(clean_html: str, length: int = EXCERPT_LENGTH) -> str:
    """The first `length` characters of clean HTML on one line, with … where something was cut.

    Sub-headings, captions and tables are left out: run into a line, they read like broken sentences. The items of a list
    become the parts of one.
    """
    prose = _ITEM_END.sub(lambda end: ("；" if end[2] else "。") + end[0], _NO_PROSE.sub("", clean_html))
    words = plain_text(prose) or plain_text(clean_html)
    line = _AFTER_STOP.sub("", " ".join(words.split()))
    return line if len(line) <= length else line[:length].rstrip() + "…"
