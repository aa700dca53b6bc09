"""The URLs of the whole site."""

from django.contrib import admin
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from contact import desk_urls
from contact import urls as contact_urls
from contact.sitemaps import ContactSitemap
from greenenergy.media.serve import serve_media
from greenenergy.serving.public_host import with_site_url
from greenenergy.site.sitemaps import PageSitemap
from news import urls as news_urls
from news.sitemaps import ArticleSitemap, SectionSitemap, TagSitemap

from .editing import picture_upload
from .site import converters, views, visitor_choices  # noqa: F401  converters registers <unicode_slug:…>

handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

sitemaps = {
    "pages": PageSitemap,
    "contact": ContactSitemap,
    "sections": SectionSitemap,
    "articles": ArticleSitemap,
    "tags": TagSitemap,
}

urlpatterns = [
    path("", views.home, name="home"),
    path("news/", include(news_urls)),
    path("search/", news_urls.search, name="search"),
    path("contact/", include(contact_urls)),
    path("i18n/choose/", visitor_choices.choose, name="choose"),
    path("admin/editor-upload/", picture_upload.upload, name="editor_upload"),
    path("admin/chat/", include(desk_urls)),
    path("admin/", admin.site.urls),
    path(
        "sitemap.xml",
        with_site_url(sitemap_index),
        {"sitemaps": sitemaps, "sitemap_url_name": "sitemap"},
        name="sitemap_index",
    ),
    path("sitemap-<section>.xml", with_site_url(sitemap), {"sitemaps": sitemaps}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon),
    path("media/<path:path>", serve_media, name="media"),
    path("<unicode_slug:slug>/", views.page, name="page"),
]
