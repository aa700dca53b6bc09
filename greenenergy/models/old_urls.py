"""The one normal form of an old URL: the same for what staff type or import, and for what a visitor requests.

`/About us//?b=2&a=%B9%E2&utm_source=x#top` becomes `/About%20us?a=光&b=2`.
"""

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

from .links import MAX_LENGTH

# Parameters that say whence a visitor came, and never which page is meant.
_TRACKING = re.compile(
    r"utm_\w+|hm(sr|pl|cu|kw|ci)|bd_\w+|bdmark\w*|[a-z]*clid|gclsrc|gbraid|wbraid|spm|scm|isappinstalled|n?sukey|wxfid|"
    r"wx_\w+|sharer?_\w+|ivk_sa|tdsourcetag|adtag|_w?wv|from_?uid|chksm|mpshare|clicktime|enterid|mc_[ce]id|_ga|_t",
    re.IGNORECASE,
)
_SHARED_FROM = {"singlemessage", "groupmessage", "timeline", "wechat", "weixin", "wx", "qq", "qzone", "weibo"}
_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def old_path(url: str) -> str:
    """The normal form of a URL as it is written: with or without scheme and host, percent-encoded or not."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket where a host would be
        parts = urlsplit(url.replace("[", "%5B").replace("]", "%5D"))
    return normal_form(unquote_to_bytes(parts.path), parts.query.encode(errors="replace"))


def normal_form(path: bytes, query: bytes) -> str:
    """Of a path that is decoded to bytes, and a query that is not yet decoded: at most MAX_LENGTH characters.

    Decoded as UTF-8, else as GB18030, as sites of that time encoded; without slash at the end, tracking parameters and
    session; the parameters in order of their names. Characters with a meaning of their own stay percent-encoded.
    """
    text = _SESSION_IN_PATH.sub("", _decode(path))
    text = re.sub(r"/{2,}", "/", text)
    text = _encode(text.rstrip("/") or "/", "%?#")
    parameters = sorted(filter(None, map(_parameter, query.split(b"&"))))
    return (text + ("?" + "&".join(parameters) if parameters else ""))[:MAX_LENGTH]


def _parameter(pair):
    """`name=value` in its normal form; empty where it only tracks."""
    name, equals, value = (
        _decode(unquote_to_bytes(part.replace(b"+", b" "))) for part in pair.partition(b"=")
    )
    if _TRACKING.fullmatch(name) or (name == "from" and value.lower() in _SHARED_FROM):
        return ""
    return _encode(name, "%#&+=") + equals + _encode(value, "%#&+")


def _decode(data):
    for encoding in ("utf-8", "gb18030"):
        try:
            return _UNREADABLE.sub("", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _UNREADABLE.sub("", data.decode("utf-8", "replace"))


def _encode(text, reserved):
    """Percent-encode spaces and the characters of `reserved`, so that the normal form of the result is the result."""
    return "".join(quote(c, safe="") if c.isspace() or c in reserved else c for c in text)
