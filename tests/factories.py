"""Rows with sensible default values: a test gives only the values that it is about."""

import io
import uuid
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from contact import chat
from contact.models import Agent, Channel, Conversation, Visitor
from contact.models.conversations import hash_token
from greenenergy.models import Section, SiteSettings
from news.models import Article, Tag
from news.sitemaps import ArticleSitemap


def make_settings(**values) -> SiteSettings:
    settings = SiteSettings(**{"company_name": "新能绿源能源科技集团有限公司", **values})
    settings.save()
    return settings


def make_section(name="行业资讯", **values) -> Section:
    """A section of that name; the existing one if there is one."""
    existing = Section.objects.filter(name=name).first()
    return existing or Section.objects.create(name=name, **values)


def make_page(name="关于我们", **values) -> Section:
    return Section.objects.create(
        name=name, kind=Section.Kind.PAGE, **{"body": "<p>公司简介。</p>", **values}
    )


def make_article(
    title="光伏装机创新高", *, section=None, tags=(), published=True, days_old=1, **values
) -> Article:
    """A public article, a day old; `published=False` makes a draft."""
    if published:
        values.setdefault("published_at", timezone.now() - timedelta(days=days_old))
    article = Article.objects.create(
        title=title,
        section=section or make_section(),
        status=Article.Status.PUBLISHED if published else Article.Status.DRAFT,
        **{"body": "<h2>要点</h2><p>全国光伏新增装机再创新高。</p>", **values},
    )
    article.tags.set(Tag.objects.for_names(tags))
    return article


def sitemap_with(article) -> str:
    """The URL of the sitemap that lists this article: each holds a thousand primary keys."""
    return f"/sitemap-articles.xml?p={(article.pk - 1) // ArticleSitemap.limit + 1}"


def make_channel(kind=Channel.Kind.HOTLINE, **values) -> Channel:
    defaults = {"hotline": {"value": "13860100641"}, "wechat": {"qr_code": make_picture_file(name="qr.png")}}
    return Channel.objects.create(kind=kind, **{**defaults.get(kind, {}), **values})


def make_picture_file(name="picture.png", size=(400, 300), color=(30, 130, 80), image_format=None, **options):
    """An upload as a browser sends it."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(
        buffer, image_format or Image.registered_extensions()[f".{name.rsplit('.')[-1]}"], **options
    )
    return SimpleUploadedFile(name, buffer.getvalue())


def make_visitor(token="v" * 40, **values) -> Visitor:
    return Visitor.objects.create(
        **{
            "token_hash": hash_token(token),
            "consent_version": 1,
            "user_agent": "iPhone MicroMessenger",
            **values,
        }
    )


def make_agent(username="xiaoli", name="客服小李", *, present=True):
    """A member of staff who may answer chats, at the desk now."""
    user = get_user_model().objects.create_user(username, password="secret-words", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="answer_chats"))
    Agent.objects.create(user=user, display_name=name, seen_at=timezone.now() if present else None)
    return user


def make_conversation(visitor=None, text="请问光伏组件怎么卖？", **values) -> Conversation:
    """A waiting conversation of one line."""
    visitor = visitor or make_visitor(f"v{Visitor.objects.count():039d}")
    message = chat.post_from_visitor(visitor, uuid.uuid4(), text, ip="192.0.2.1")
    if values:
        Conversation.objects.filter(pk=message.conversation_id).update(**values)
    return Conversation.objects.get(pk=message.conversation_id)
