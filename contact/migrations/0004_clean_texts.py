"""Texts that were stored before their fields cleaned them: a control character in one breaks the feeds."""

from django.db import migrations

from greenenergy.text.stored_rows import clean_rows


def clean_texts(apps, schema_editor):
    using = schema_editor.connection.alias
    for name in ("Channel", "OpeningHours", "SpecialDay", "ContactSettings", "Visitor", "Conversation", "Message", "ChatFile", "CannedReply", "Label", "Agent", "Enquiry", "EnquiryNote", "Robot", "Notification"):
        for _row in clean_rows(apps.get_model("contact", name), using):
            pass


class Migration(migrations.Migration):

    dependencies = [
        ("contact", "0003_chat_and_enquiries"),
    ]

    operations = [
        migrations.RunPython(clean_texts, migrations.RunPython.noop, elidable=True),
    ]
