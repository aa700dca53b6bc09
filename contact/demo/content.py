"""Demo channels: a hotline, a WeChat code, QQ and e-mail."""

import io
from datetime import time

import segno
from django.core.files.base import ContentFile

from contact.models import CannedReply, Channel, ContactSettings, Label, OpeningHours
from contact.privacy.policy_page import make_policy_page

Kind = Channel.Kind


def is_empty() -> bool:
    return not Channel.objects.exists()


def fill() -> None:
    Channel.objects.create(
        kind=Kind.HOTLINE, value="13860100641", hours="工作日 8:30—18:00", region="全国", order=1
    )
    Channel.objects.create(
        kind=Kind.HOTLINE,
        label="运维热线",
        value="400-000-0000 转 2",
        hours="全天",
        note="电站故障请拨这里",
        order=2,
    )
    Channel.objects.create(
        kind=Kind.WECHAT, value="xinneng-demo", note="长按识别，加客服微信", qr_code=_qr_code(), order=3
    )
    Channel.objects.create(kind=Kind.QQ, value="100000001", order=4)
    Channel.objects.create(kind=Kind.EMAIL, value="info@example.com", order=5)
    OpeningHours.objects.bulk_create(
        OpeningHours(weekday=weekday, opens_at=opens, closes_at=closes)
        for weekday in range(5)
        for opens, closes in ((time(8, 30), time(12)), (time(13, 30), time(18)))
    )
    make_policy_page(ContactSettings())
    Label.objects.bulk_create(Label(name=name) for name in ("询价", "售后", "加盟"))
    CannedReply.objects.bulk_create(
        CannedReply(shortcut=shortcut, text=text, order=order)
        for order, (shortcut, text) in enumerate(
            (
                ("您好", "{访客}，您好，我是{客服}，请问有什么可以帮您？"),
                ("价格", "价格和装机容量、屋顶情况有关。方便留个电话吗？工程师今天给您报价。"),
                ("热线", "您也可以拨打服务热线 {热线}。"),
            )
        )
    )


def _qr_code():
    code = segno.make("这是演示用的二维码，请在后台“联系渠道”里换成公司自己的微信二维码。", error="m")
    buffer = io.BytesIO()
    code.save(buffer, kind="png", scale=10, border=4)
    return ContentFile(buffer.getvalue(), name="wechat.png")
