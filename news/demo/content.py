"""Demo articles, and any number of generated ones for measurements."""

import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from html import escape

from django.db import reset_queries, transaction
from django.utils import timezone

from greenenergy.database.analyze import analyze_tables
from greenenergy.demo.pictures import draw
from greenenergy.media.stored_pictures import store_picture
from greenenergy.models import Section
from news.models import Article, Tag, split_tags

from .articles import ARTICLES, GUIDE, GUIDE_TITLE
from .words import make_article, make_tag_names

BATCH = 1000


def is_empty() -> bool:
    return not (Article.objects.exists() or Tag.objects.exists())


def fill() -> None:
    sections = {section.slug: section for section in Section.objects.lists()}
    now = timezone.now().replace(second=0, microsecond=0)
    # The oldest first, so that primary keys rise with time, as on a real site.
    for number, (slug, age, title, tags, picture, text) in enumerate(reversed(ARTICLES)):
        is_newest = age == 1
        article = Article(
            title=title,
            section=sections[slug],
            status=Article.Status.PUBLISHED,
            published_at=now - timedelta(days=age, hours=number % 7),
            body=_body(text, picture, number),
            source="新能绿源" if slug in ("company", "cases") else "",
            author="品牌部" if slug == "company" else "",
            editor="王晓" if slug in ("company", "industry") else "",
            initial_views=320 + number * 37 % 411,
            is_headline=is_newest,
            is_pinned=slug == "notice" and age < 20,
            is_recommended=slug == "industry" and age < 30,
        )
        if picture:
            article.cover = draw(*picture, seed=number)
        article.save()
        article.set_tags(Tag.objects.for_names(split_tags(tags)))
    Article.objects.create(title=GUIDE_TITLE, section=sections["company"], body=GUIDE)


def _body(text, picture, seed):
    """HTML of the few marks that articles.py explains."""
    html = []
    for mark, lines in itertools.groupby(text.strip().splitlines(), key=_mark):
        words = [line.strip().removeprefix(mark).strip() for line in lines]
        if mark == "|":
            head, *rows = [[escape(cell) for cell in row.strip("|").split("|")] for row in words]
            html.append("<table><thead>" + _row("th", head) + "</thead><tbody>")
            html += [_row("td", row) for row in rows]
            html.append("</tbody></table>")
        elif mark == "- ":
            html.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in words) + "</ul>")
        elif mark == "![":
            stored = store_picture(draw(*picture, seed=seed + 100))
            caption = escape(words[0].rstrip("]"))
            html.append(
                f'<figure class="image"><img src="{stored.url}" alt="{caption}" width="{stored.width}" '
                f'height="{stored.height}"><figcaption>{caption}</figcaption></figure>'
            )
        else:
            tags = {"# ": "<h2>{}</h2>", "> ": "<blockquote><p>{}</p></blockquote>", "": "<p>{}</p>"}
            html += [tags[mark].format(escape(line)) for line in words]
    return "".join(html)


def _mark(line):
    return next((mark for mark in ("# ", "- ", "> ", "![", "|") if line.strip().startswith(mark)), "")


def _row(tag, cells):
    scope = ' scope="col"' if tag == "th" else ""
    return "<tr>" + "".join(f"<{tag}{scope}>{cell}</{tag}>" for cell in cells) + "</tr>"


def add_articles(count: int, progress: Callable[[int, int], None]) -> None:
    """`count` generated articles of some 300 characters, spread over the last ten years, the newest last.

    Each batch is a transaction: memory stays flat, and an interruption loses one batch at most.
    """
    rng = random.Random(Article.objects.count())  # noqa: S311  a second run generates others
    sections = list(Section.objects.lists().exclude(children__kind=Section.Kind.LIST))
    if not sections:
        sections = [Section.objects.create(name="行业资讯", slug="industry")]
    tags = Tag.objects.for_names(make_tag_names())
    weights = [1 / (rank + 1) for rank in range(len(tags))]
    newest, span = timezone.now() - timedelta(hours=1), timedelta(days=3650)
    shown = 0
    for begin in range(0, count, BATCH):
        end = min(begin + BATCH, count)
        texts = [make_article(rng) for _ in range(begin, end)]
        articles = [
            Article(
                title=title,
                section=rng.choice(sections),
                status=Article.Status.PUBLISHED,
                published_at=newest - span * (1 - (number + rng.random()) / count),
                body=body,
                initial_views=int(rng.paretovariate(1.2) * 40) % 100_000,
            )
            for number, (title, body) in enumerate(texts, begin)
        ]
        with transaction.atomic():
            Article.objects.bulk_create(articles)
            Article.tags.through.objects.bulk_create(
                Article.tags.through(article_id=article.pk, tag_id=tag.pk)
                for article in articles
                for tag in {*rng.choices(tags, weights, k=rng.randint(1, 4))}
            )
        reset_queries()  # with DEBUG, Django logs every query in memory, texts included
        if end == count or (end - shown) * 100 >= count:
            shown = end
            progress(end, count)
    analyze_tables()
