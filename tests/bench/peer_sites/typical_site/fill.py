"""python -m tests.bench.peer_sites.typical_site.fill NUMBER: make tables, the demo articles and so many generated ones;
prints the path of the newest."""

import itertools
import sys

import django

django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from greenenergy.demo.pictures import draw  # noqa: E402
from tests.bench.peer_sites.content import SECTIONS, make_articles, summary_of  # noqa: E402

from .models import Article, Category, Company, Tag  # noqa: E402

PICTURE = (
    '<figure class="image"><img src="/media/{name}" alt="{{caption}}" width="1280" height="800" loading="lazy">'
    "<figcaption>{{caption}}</figcaption></figure>"
)


def fill(count):
    call_command("makemigrations", "typical_site", verbosity=0)
    call_command("migrate", verbosity=0)
    Company.objects.create()
    categories = {slug: Category.objects.create(slug=slug, name=name) for slug, name in SECTIONS.items()}
    cover = default_storage.save("covers/solar.jpg", draw("solar"))
    tags = {}
    uses = Article.tags.through
    contents = make_articles(count, PICTURE.format(name=cover))
    with transaction.atomic():
        while batch := list(itertools.islice(contents, 1000)):
            for name in set().union(*(content["tags"] for content in batch)) - tags.keys():
                tags[name] = Tag.objects.create(name=name)
            articles = [
                Article(
                    title=content["title"],
                    category=categories[content["section"]],
                    summary=summary_of(content["body"]),
                    body=content["body"],
                    cover=cover if content["has_cover"] else "",
                    views=content["views"],
                    published_at=content["published_at"],
                )
                for content in batch
            ]
            Article.objects.bulk_create(articles)
            uses.objects.bulk_create(
                uses(article=article, tag=tags[name])
                for article, content in zip(articles, batch, strict=True)
                for name in content["tags"]
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"/news/{articles[-1].pk}/")


fill(int(sys.argv[1]))
