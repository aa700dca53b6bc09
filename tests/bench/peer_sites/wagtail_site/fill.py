"""python -m tests.bench.peer_sites.wagtail_site.fill NUMBER: the tables, and so many articles besides those of the demo;
prints the path of the newest.

Pages are stored without save(): what it does for each of them (revisions, indexes, tree) takes minutes for thousands.
"""

import itertools
import sys

import django

django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.files.images import ImageFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from taggit.models import Tag  # noqa: E402
from wagtail.images.models import Image  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

from greenenergy.demo.pictures import draw  # noqa: E402
from tests.bench.peer_sites.content import SECTIONS, make_articles, summary_of  # noqa: E402

from .models import ArticlePage, ArticleTag, Company, HomePage, SectionPage, TagIndexPage  # noqa: E402

PICTURE = '<embed embedtype="image" id="{image}" format="fullwidth" alt="{{caption}}"/>'


def fill(count):
    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", verbosity=0)
    Page.objects.get(depth=2).delete()  # the welcome page, and the site that begins at it
    home = Page.get_first_root_node().add_child(instance=HomePage(title="首页", slug="home"))
    site = Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    Company.objects.create(site=site)
    sections = {
        slug: home.add_child(instance=SectionPage(title=name, slug=slug, show_in_menus=True))
        for slug, name in SECTIONS.items()
    }
    home.add_child(instance=TagIndexPage(title="标签", slug="tags"))
    image = Image.objects.create(title="光伏", file=ImageFile(draw("solar"), "solar.jpg"))
    children, tags = dict.fromkeys(SECTIONS, 0), {}
    common = {"locale": Locale.get_default(), "content_type": ContentType.objects.get_for_model(ArticlePage)}
    contents = make_articles(count, PICTURE.format(image=image.pk))
    with transaction.atomic():
        while batch := list(itertools.islice(contents, 1000)):
            for name in set().union(*(content["tags"] for content in batch)) - tags.keys():
                tags[name] = Tag.objects.create(name=name)
            pages = []
            for content in batch:
                section = sections[content["section"]]
                children[section.slug] += 1
                number = children[section.slug]
                pages.append(
                    Page(
                        path=Page._get_path(section.path, section.depth + 1, number),
                        depth=section.depth + 1,
                        title=content["title"],
                        draft_title=content["title"],
                        slug=str(number),
                        url_path=f"{section.url_path}{number}/",
                        first_published_at=content["published_at"],
                        last_published_at=content["published_at"],
                        **common,
                    )
                )
            Page.objects.bulk_create(pages)
            articles = [
                ArticlePage(
                    page_ptr=page,
                    summary=summary_of(content["body"]),
                    body=content["body"],
                    cover=image if content["has_cover"] else None,
                )
                for page, content in zip(pages, batch, strict=True)
            ]
            # bulk_create() refuses a model whose rows stand in two tables.
            ArticlePage._base_manager._insert(
                articles, ArticlePage._meta.local_concrete_fields, using="default"
            )
            ArticleTag.objects.bulk_create(
                ArticleTag(content_object_id=page.pk, tag=tags[name])
                for page, content in zip(pages, batch, strict=True)
                for name in content["tags"]
            )
        for slug, number in children.items():
            Page.objects.filter(pk=sections[slug].pk).update(numchild=number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(pages[-1].url_path.removeprefix("/home"))


fill(int(sys.argv[1]))
