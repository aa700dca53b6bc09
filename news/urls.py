from django.urls import path

from greenenergy.serving.public_host import with_site_url
from greenenergy.site import converters  # noqa: F401  registers <unicode_slug:…>

from . import feeds, views

app_name = "news"

feed = with_site_url(feeds.ArticleFeed())

search = views.search  # stands at /search/, outside /news/

urlpatterns = [
    path("", views.article_list, name="list"),
    path("feed/", feed, name="feed"),
    path("tags/", views.tag_list, name="tags"),
    path("tags/<str:name>/", views.tag, name="tag"),
    path("tags/<str:name>/feed/", feed, name="tag_feed"),
    path("archive/", views.archive, name="archive"),
    path("archive/<int:year>/", views.archive_year, name="archive_year"),
    path("archive/<int:year>/<int:month>/", views.archive_month, name="archive_month"),
    path("<int:pk>/", views.article_detail, name="article"),
    path("<int:pk>/qr.svg", views.article_qr_code, name="article_qr_code"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
    path("<unicode_slug:slug>/", views.section, name="section"),
    path("<unicode_slug:slug>/feed/", feed, name="section_feed"),
]
