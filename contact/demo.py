"""Demo channels: a hotline, a WeChat code, QQ and e-mail."""

import io

import segno
from django.core.files.base import ContentFile

from .models import Channel

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


def _qr_code():
    code = segno.make("这是演示用的二维码，请在后台“联系渠道”里换成公司自己的微信二维码。", error="m")
    buffer = io.BytesIO()
    code.save(buffer, kind="png", scale=10, border=4)
    return ContentFile(buffer.getvalue(), name="wechat.png")
