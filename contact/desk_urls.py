"""Below /admin/chat/."""

from django.urls import path, re_path

from .views import desk, reports

app_name = "desk"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("lists/", desk.lists, name="lists"),
    path("stream/", desk.no_stream, name="stream"),
    path("presence/", desk.presence, name="presence"),
    path("reports/", reports.report, name="reports"),
    path("search/", desk.search, name="search"),
    path("<int:pk>/", desk.thread, name="thread"),
    path("<int:pk>/messages/", desk.post_message, name="messages"),
    re_path(rf"^(?P<pk>[0-9]+)/(?P<verb>{desk.VERBS_PATTERN})/$", desk.act, name="act"),
]
