from django.urls import path, re_path

from .views import channels, visitor

app_name = "contact"

urlpatterns = [
    path("", channels.contact, name="contact"),
    re_path(r"^receipt/(?P<number>[0-9]{4}-[0-9A-Z]{6})/$", channels.receipt, name="receipt"),
    path("clicks/", channels.count_click, name="clicks"),
    path("chat/", visitor.chat_state, name="chat"),
    path("chat/start/", visitor.start_chat, name="chat_start"),
    path("chat/messages/", visitor.post_message, name="chat_messages"),
    path("chat/updates/", visitor.updates, name="chat_updates"),
    path("chat/stream/", visitor.no_stream, name="chat_stream"),
    path("chat/opening/", visitor.opening, name="chat_opening"),
    path("chat/form/", visitor.form, name="chat_form"),
    path("chat/unread/", visitor.unread, name="chat_unread"),
    path("chat/read/", visitor.mark_read, name="chat_read"),
    path("chat/typing/", visitor.record_typing, name="chat_typing"),
    path("chat/page/", visitor.record_page, name="chat_page"),
    path("chat/enquiry/", visitor.send_enquiry, name="chat_enquiry"),
    path("chat/rating/", visitor.rate, name="chat_rating"),
    path("chat/end/", visitor.end_chat, name="chat_end"),
    path("chat/transcript/", visitor.transcript, name="chat_transcript"),
    path("chat/files/<str:key>/", visitor.chat_file, name="chat_file"),
]
