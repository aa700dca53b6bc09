"""What a visitor reads: lists, articles, tags, archive, search."""

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
from greenenergy.models import Section
from greenenergy.page_cache import public_page
from greenenergy.site.rows import find_list
from news.queries.pagination import get_page
from news.view_counter.counting import is_read_by_a_person

from .models import Article, Attachment, SearchedWord, Tag
from .models.tag_names import normalize_name
from .queries import article_page, lists
from .queries.tags import tags_with_public_articles
from .search import Query, estimate

logger = logging.getLogger(__name__)

SEARCH_LENGTH = 50
MAX_COUNT = 2000  # the newest so many are ranked; nobody reads on
LOOKED_AT, LOOKED_AT_NARROWED = 2500, 10_000  # newest finds, some of which are not public or elsewhere


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
        raise Http404
    request.public_page.subject = article.pk  # counted on the way out: view_counter/counting.py
    return render(request, "news/article_detail.html", article_page.context_of(article))


@require_safe
def article_qr_code(request, pk):
    """The article's own address, for a phone to scan from a desktop's screen."""
    if not Article.objects.published().filter(pk=pk).exists():
        raise Http404
    address = request.build_absolute_uri(reverse("news:article", args=[pk]))
    buffer = io.BytesIO()
    segno.make(address, error="m").save(
        buffer, kind="svg", border=2, svgclass=None, lineclass=None, light="#fff"
    )
    return HttpResponse(
        buffer.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


@require_safe
def attachment(request, pk):
    attachment = get_object_or_404(Attachment.objects.filter(article__in=Article.objects.published()), pk=pk)
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        logger.error("the file of attachment %d is missing: %s", pk, attachment.file.name)
        raise Http404 from None
    if is_read_by_a_person(request):
        attachment.count_download()
    return FileResponse(file, as_attachment=True, filename=attachment.download_name)


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
    """Kept for a content version where there is one: names that are none would fill the memory.

    A to Z and a to z are the same for both databases; of other letters each has its own opinion.
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
    if not 1900 <= year <= 9998:  # what both databases can compare
        raise Http404
    return year


@require_safe
def search(request):
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:SEARCH_LENGTH]
    query = Query.parse(text)
    if not text:
        return render(request, "news/search.html", {"query": query})
    public = Article.objects.published()
    sections = cached("sections with articles", lambda: list(Section.objects.lists()))
    chosen_section = next((s for s in sections if s.slug == request.GET.get("section")), None)
    years = cached("years of articles", public.year_span)
    chosen_year = next((year for year in years if str(year) == request.GET.get("year")), None)
    found = public.matching(query, LOOKED_AT_NARROWED if chosen_section or chosen_year else LOOKED_AT)
    if chosen_section:
        found = found.in_section(chosen_section)
    if chosen_year:
        found = found.in_year(chosen_year)
    numbers = found.best_first(query, MAX_COUNT + 1)
    count, is_more = min(len(numbers), MAX_COUNT), len(numbers) > MAX_COUNT
    page = get_page(numbers, request.GET.get("page")) if numbers else []
    if page:
        articles = public.for_results().in_bulk(page.items)
        page.items[:] = [articles[number] for number in page.items if number in articles]
    for article in page:
        article.marked_title = query.highlight(article.title)
        article.marked_excerpt = query.highlight(query.snippet(article.body_text) or article.excerpt)
    is_narrowed = bool(chosen_section or chosen_year)
    is_first_look = not any(request.GET.get(name) for name in ("page", "section", "year"))
    if is_first_look and is_read_by_a_person(request):
        try:
            SearchedWord.objects.record(text, count)
        except (
            DatabaseError
        ) as error:  # whoever searches gets the answer even where it cannot be written down
            logger.error("a search is not counted: %s", error)
    context = {
        "query": query,
        "page": page,
        "count": count,
        "is_more": is_more,
        "about": _roughly(estimate(query, public.db)) if is_more and not is_narrowed else None,
        "sections": sections,
        "years": years,
        "chosen_section": chosen_section,
        "chosen_year": chosen_year,
        "is_narrowed": is_narrowed,
    }
    return render(request, "news/search.html", context)


def _roughly(number):
    """Two digits of it: 331742 is about 330000."""
    digit = 10 ** max(len(str(number)) - 2, 0)
    return max(round(number / digit) * digit, MAX_COUNT)
