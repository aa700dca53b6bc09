"""Every page queries the database for everything, and each view is written at once."""

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, render
from django.urls import path

from tests.bench.peer_sites.content import PER_PAGE

from .models import Article, Category, Company, Tag


def on_every_page(request):
    return {"company": Company.objects.first(), "menu": Category.objects.all()}


def _published():
    return Article.objects.filter(is_published=True)


def _sidebar():
    return {
        "latest": _published()[:10],
        "hot": _published().order_by("-views")[:10],
        "categories": Category.objects.annotate(articles=Count("article")),
    }


def _article_list(request, articles, title):
    page = Paginator(articles.select_related("category"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "typical_site/list.html", {"page": page, "title": title, **_sidebar()})


def home(request):
    return _article_list(request, _published(), "最新文章")


def category(request, slug):
    category = get_object_or_404(Category, slug=slug)
    return _article_list(request, _published().filter(category=category), category.name)


def tag(request, name):
    tag = get_object_or_404(Tag, name=name)
    return _article_list(request, _published().filter(tags=tag), tag.name)


def search(request):
    text = request.GET.get("q", "")
    found = _published().filter(Q(title__icontains=text) | Q(body__icontains=text))
    return _article_list(request, found, text)


def article_detail(request, pk):
    article = get_object_or_404(_published(), pk=pk)
    article.views = F("views") + 1
    article.save()
    article.refresh_from_db()
    newer = _published().filter(published_at__gt=article.published_at).order_by("published_at")
    context = {
        "article": article,
        "cover_address": request.build_absolute_uri(article.cover.url) if article.cover else "",
        "tags": article.tags.all(),
        "newer": newer.first(),
        "older": _published().filter(published_at__lt=article.published_at).first(),
        "related": _published().filter(category=article.category).exclude(pk=pk)[:6],
        **_sidebar(),
    }
    return render(request, "typical_site/article.html", context)


urlpatterns = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("news/<int:pk>/", article_detail, name="article"),
    path("news/<slug:slug>/", category, name="category"),
    path("tags/<str:name>/", tag, name="tag"),
]
