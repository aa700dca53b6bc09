"""The URL of a link or a picture in a rich text: mended where it is clear what was meant, dropped where it leads nowhere."""

import re

_DROPPED_FROM_URLS = re.compile(r"[\t\n\r]")  # by browsers: "/<tab>/host" is "//host"
_STRIPPED_FROM_URLS = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
# Of names that people write without https://. Not those that are endings of files, too: zip, md, py.
_DOMAINS = (
    "com|cn|net|org|gov|edu|info|biz|cc|io|co|tv|me|top|xyz|vip|shop|site|club|tech|online|store|ltd|group|ink|work|"
    "asia|mobi|hk|tw|mo|jp|kr|sg|uk|de|fr|eu|us|ru|au|ca|int|中国|公司|网络"
)
_HOST = re.compile(rf"(?:www\.[^\s/?#:.]+\.|(?:[\w-]+\.)+(?:{_DOMAINS})(?=[/?#:]|$))", re.IGNORECASE)
_PORT = re.compile(r"[^/?#:]+(?::[0-9]{1,5})?(?=[/?#]|$)")
_MAIL = re.compile(r"[^\s/?#:@]+@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)


def mended_link(value: str, *, is_picture: bool = False) -> str | None:
    """The URL to store, or None.

    `//host` becomes `https://host`; it would take the scheme of the page. So do `www.example.com` and
    `example.com/x`, which would be relative. A fragment leads nowhere, except to a heading
    (display.py): texts have no other anchors, and Word's contents list is full of such links.
    """
    value = _DROPPED_FROM_URLS.sub("", value).strip(_STRIPPED_FROM_URLS)
    if re.match(r"[\\/]{2}", value):
        return "https://" + value.lstrip("\\/")
    if not is_picture and value.startswith("#"):
        return value if value.startswith("#s-") else None
    if not is_picture and _MAIL.fullmatch(value):
        return f"mailto:{value}"
    if not is_picture and _HOST.match(value) and _PORT.match(value):
        return f"https://{value}"
    first = re.split(r"[/?#]", value, maxsplit=1)[0]
    if ":" in first and not _SCHEME.match(first):
        return None  # neither an allowed scheme nor a relative URL
    return value
