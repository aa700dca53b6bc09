"""The visitor's device and browser, in the few words an agent needs."""

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("wxwork", "企业微信"),
    ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_in_words(user_agent: str) -> str:
    """iPhone · 微信. The first mark of each list that matches, so the more specific ones stand first; '' for none."""
    known = [
        next((word for mark, word in marks if mark in user_agent), "") for marks in (_SYSTEMS, _BROWSERS)
    ]
    return " · ".join(word for word in known if word)
