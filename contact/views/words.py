"""The texts that the chat's scripts show, in the language of the page."""

from django.utils.translation import gettext as _


def visitor_words() -> dict[str, str]:
    """For the visitor's panel."""
    return {
        **_shared_words(),
        "connected": _("已连接"),
        "broken": _("未连接"),
        "offline": _("网络断开了，正在重连。写好的话会自动发出。"),
        "unreachable": _("网络断开了，请稍后再试。"),
        "resending": _("服务器忙，写好的话会自动重发。"),
        "ended": _("对话已在别处结束并清除。没有发出的话还在输入框里，要继续请重新同意隐私提示。"),
        "typing": _("对方正在输入…"),
        "agree": _("请先阅读隐私提示并勾选同意。"),
        "new": _("新消息"),
        "confirm": _("结束对话，并从这台设备上清除聊天记录？"),
        "thanks": _("谢谢您的评价。"),
        "divider": _("新的对话"),
        "unreadBelow": _("以下是新消息"),
    }


def desk_words() -> dict[str, str | dict[str, str]]:
    """For the desk of the agents."""
    return {
        **_shared_words(),
        **_desk_list_words(),
        **_desk_thread_words(),
        "inBrackets": "%1（%2）",
        "colon": "%1：%2",
        "comma": "，",
        "variables": {"visitor": "访客", "agent": "客服", "page": "页面"},  # what canned replies call them
    }


def _shared_words() -> dict[str, str]:
    """Lines on their way, the connection, the sound."""
    return {
        "sending": _("发送中"),
        "delivered": _("已送达"),
        "read": _("已读"),
        "failed": _("未发送"),
        "retry": _("重试"),
        "discard": _("删除"),
        "connecting": _("正在连接…"),
        "file": _("文件"),
        "failure": _("服务器暂时没有回应，请稍后再试。"),
        "sound_on": _("提示音：开"),
        "sound_off": _("提示音：关"),
    }


def _desk_list_words() -> dict[str, str]:
    """The lists, and the bar above them."""
    return {
        "waiting": _("排队中"),
        "mine": _("我的会话"),
        "nobodyWaits": _("现在没有人排队。"),
        "noChats": _("还没有接待的会话。"),
        "nothingFound": _("没有找到。"),
        "more": _("只显示最近的 50 个，请把词写得更具体。"),
        "found": _("找到的会话"),
        "waits": _("已等"),
        "minute": _("分"),
        "second": _("秒"),
        "newVisitor": _("有新访客在等待"),
        "newMessage": _("新消息"),
        "handedOver": _("同事转来一个会话"),
        "away": _("暂时离开"),
        "back": _("恢复接待"),
        "chats": _("个会话"),
        "notify": _("桌面通知：开启"),
        "notify_on": _("桌面通知：已开"),
        "notify_off": _("桌面通知：浏览器不允许"),
    }


def _desk_thread_words() -> dict[str, str]:
    """One conversation, and what can be done with it."""
    return {
        "types": _("正在输入："),
        "note": _("内部备注"),
        "me": _("我"),
        "online": _("已连接"),
        "offline": _("连接断开，正在重连"),
        "unreachable": _("网络断开了，请稍后再试。"),
        "notYours": _("这个会话现在不由您接待，写好的话还没有发出。要回复访客，请先接待或重新打开。"),
        "loggedOut": _("登录已失效，写好的话还在。请在新窗口登录，然后回到这里。"),
        "login": _("去登录"),
        "older": _("更早的消息"),
        "noPages": _("没有"),
        "direct": _("直接打开"),
        "answeredBy": _("接待："),
        "confirmBlock": _("拉黑后这个浏览器不能再发消息，同一个办公室的其他人不受影响。确定吗？"),
        "confirmClose": _("结束这个会话？"),
        "rename": _("访客的称呼"),
        "noColleague": _("没有别的同事在线。"),
    }
