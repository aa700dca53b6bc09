"""What the editor is told of pictures, videos and cards that a text cannot keep: when pasting, and when saving."""

from django.utils.translation import gettext as _


def loss_texts() -> dict[str, str]:
    """A sentence for each kind of sanitizer.losses(); %1 is the number."""
    return {
        "foreign": _("有 %1 张外站图片，读者看不到，已改为链接；请下载后用“图片”按钮上传。"),
        "picture": _("有 %1 张图片没有带过来；请用“图片”按钮上传。"),
        "frame_link": _("有 %1 个视频或嵌入的网页不能放进正文，已改为链接。"),
        "frame": _("有 %1 个视频或嵌入的网页不能放进正文，没有带过来。"),
        "card": _("有 %1 张公众号名片、音频或别的卡片不能放进正文，没有带过来。"),
    }
