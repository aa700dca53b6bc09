"""python -m tests.bench.peer_sites.wagtail_site.fill NUMBER: make tables, the demo articles and so many generated ones;
prints the path of the newest.

Pages are stored without save(), whose work for each page (revisions, indexes, tree) takes minutes for thousands.
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
    sections = make_sections()
    image = Image.objects.create(title="光伏", file=ImageFile(draw("solar"), "solar.jpg"))
    contents = make_articles(count, PICTURE.format(image=image.pk))
    with transaction.atomic():
        while batch := list(itertools.islice(contents, 1000)):
            pages = add_pages(sections, batch)
            add_articles(pages, batch, image)
            add_tags(pages, batch)
        for section in sections.values():
            Page.objects.filter(pk=section.pk).update(numchild=section.numchild)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(pages[-1].url_path.removeprefix("/home"))


def make_sections():
    """The site, its home page and its sections, the latter by their slugs."""
    Page.objects.get(depth=2).delete()  # Wagtail's welcome page, and with it the site that begins there
    home = Page.get_first_root_node().add_child(instance=HomePage(title="首页", slug="home"))
    site = Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    Company.objects.create(site=site)
    sections = {
        slug: home.add_child(instance=SectionPage(title=name, slug=slug, show_in_menus=True))
        for slug, name in SECTIONS.items()
    }
    home.add_child(instance=TagIndexPage(title="标签", slug="tags"))
    return sections


def add_pages(sections, batch):
    """The rows of the articles in the page tree; their sections count them, and are not saved yet."""
    common = {"locale": Locale.get_default(), "content_type": ContentType.objects.get_for_model(ArticlePage)}
    pages = []
    for content in batch:
        section = sections[content["section"]]
        section.numchild += 1
        number, depth = section.numchild, section.depth + 1
        pages.append(
            Page(
                path=Page._get_path(section.path, depth, number),  # treebeard has no public name for it
                depth=depth,
                title=content["title"],
                draft_title=content["title"],
                slug=str(number),
                url_path=f"{section.url_path}{number}/",
                first_published_at=content["published_at"],
                last_published_at=content["published_at"],
                **common,
            )
        )
    return Page.objects.bulk_create(pages)


def add_articles(pages, batch, image):
    articles = [
        ArticlePage(
            page_ptr=page,
            summary=summary_of(content["body"]),
            body=content["body"],
            cover=image if content["has_cover"] else None,
        )
        for page, content in zip(pages, batch, strict=True)
    ]
    # bulk_create() refuses models that span two tables, and has no public part that writes only one.
    manager, fields = ArticlePage._base_manager, ArticlePage._meta.local_concrete_fields
    manager._insert(articles, fields, using="default")


def add_tags(pages, batch):
    names = set().union(*(content["tags"] for content in batch))
    tags = {name: Tag.objects.get_or_create(name=name)[0] for name in names}
    ArticleTag.objects.bulk_create(
        ArticleTag(content_object_id=page.pk, tag=tags[name])
        for page, content in zip(pages, batch, strict=True)
        for name in content["tags"]
    )


fill(int(sys.argv[1]))
