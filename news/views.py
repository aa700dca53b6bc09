"""The pages that visitors read: lists, articles, tags, archive, search."""

import io
import logging
from functools import partial

import segno
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from greenenergy.content_version import cached
from greenenergy.page_cache import public_page
from greenenergy.serving.public_host import site_url
from greenenergy.site.redirects import do_not_record
from greenenergy.site.rows import find_list
from greenenergy.text.characters import clean_line
from news.models import Article, Attachment, SearchedWord, Tag
from news.models.tag_names import normalize_name
from news.queries import article_page, lists, search_page
from news.queries.pagination import get_page
from news.queries.tags import tags_with_public_articles
from news.search import Query
from news.view_counter.counting import is_read_by_a_person

logger = logging.getLogger(__name__)

SEARCH_LENGTH = 50  # characters; the rest of a longer text is dropped


@require_safe
@public_page
def article_list(request):
    page = lists.all_articles(request.GET.get("page"))
    pinned = lists.pinned_articles() if page.number == 1 else []
    return render(request, "news/article_list.html", {"page": page, "pinned": pinned})


@require_safe
@public_page
def section(request, slug):
    section = find_list(slug)
    if section is None:
        raise Http404
    page = lists.articles_of_section(section, request.GET.get("page"))
    pinned = lists.pinned_articles(within=section) if page.number == 1 else []
    return render(request, "news/section.html", {"section": section, "page": page, "pinned": pinned})


@require_safe
@public_page
def article_detail(request, pk):
    article = article_page.find_article(pk)
    if article is None or not article.is_public:
        if article and article.has_been_public:
            return render(request, "410.html", status=410)
        if article:
            do_not_record(request)
        raise Http404
    request.public_page.subject = article.pk  # CountViewsMiddleware counts the view
    return render(request, "news/article_detail.html", article_page.context_of(article))


@require_safe
def article_qr_code(request, pk):
    """The article's URL as a QR code, for a phone to scan from a desktop's screen."""
    is_public = Article.objects.published().filter(pk=pk).exists()
    if not is_public:
        _hide_from_visitors(request, Article.objects.filter(pk=pk))
    url = site_url(request) + reverse("news:article", args=[pk])
    buffer = io.BytesIO()
    segno.make(url, error="m").save(buffer, kind="svg", border=2, svgclass=None, lineclass=None, light="#fff")
    return HttpResponse(
        buffer.getvalue(),
        content_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=86400" if is_public else "no-store"},
    )


@require_safe
def attachment(request, pk):
    attachment = Attachment.objects.filter(article__in=Article.objects.published(), pk=pk).first()
    is_public = attachment is not None
    if attachment is None:
        attachment = _hide_from_visitors(request, Attachment.objects.filter(pk=pk))
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        logger.error("the file of attachment %d is missing: %s", pk, attachment.file.name)
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=attachment.download_name)
    if not is_public:
        response["Cache-Control"] = "no-store"
    elif is_read_by_a_person(request):
        attachment.count_download()
    return response


def _hide_from_visitors(request, rows):
    """The row, for staff who look at the preview of its article. Raises Http404 for everybody else."""
    row = rows.first()
    if row is not None and not any(
        request.user.has_perm(f"news.{verb}_article") for verb in ("view", "change")
    ):
        do_not_record(request)
        row = None
    if row is None:
        raise Http404
    return row


@require_safe
@public_page
def tag_list(request):
    return render(request, "news/tag_list.html", {"tags": tags_with_public_articles()})


@require_safe
@public_page
def tag(request, name):
    tag = _find_tag(normalize_name(name))
    if tag.name != name:
        return redirect(tag, permanent=True)
    page = lists.articles_of_tag(tag, request.GET.get("page"))
    return render(request, "news/tag.html", {"tag": tag, "page": page})


def _find_tag(name):
    """Http404 for a name that no tag has. Only tags that exist are cached: unknown names could fill the memory.

    The key ignores case for A to Z alone, as both databases do; for other letters they differ.
    """
    find = partial(get_object_or_404, Tag, name__iexact=name)
    return cached(("tag", name.encode().lower()), find, follows_clock=False)


@require_safe
@public_page
def archive(request):
    years = Article.objects.published_years()
    return render(request, "news/archive.html", {"years": years})


@require_safe
@public_page
def archive_year(request, year):
    months = Article.objects.published_months(_existing_year(year))
    if not months:
        raise Http404
    return render(request, "news/archive_year.html", {"year": year, "months": months})


@require_safe
@public_page
def archive_month(request, year, month):
    if not 1 <= month <= 12:
        raise Http404
    articles = Article.objects.published_in_month(_existing_year(year), month).for_cards().newest_first()
    page = get_page(articles, request.GET.get("page"))
    if not page:
        raise Http404
    return render(request, "news/archive_month.html", {"year": year, "month": month, "page": page})


def _existing_year(year):
    if not 1900 <= year <= 9998:  # dates that both databases can compare
        raise Http404
    return year


@require_safe
def search(request):
    text = " ".join(clean_line(request.GET.get("q", "")).split())[:SEARCH_LENGTH]
    query = Query.parse(text)
    if not text:
        return render(request, "news/search.html", {"query": query})
    page, section, year = map(request.GET.get, ("page", "section", "year"))
    context = search_page.context_of(query, page=page, section=section, year=year)
    if not (page or section or year) and is_read_by_a_person(request):
        _record_search(text, context["count"])
    return render(request, "news/search.html", context)


def _record_search(text: str, found: int) -> None:
    try:
        SearchedWord.objects.record(text, found)
    except DatabaseError as error:
        # The visitor gets the results even if the search cannot be stored.
        logger.error("a search is not counted: %s", error)
