"""Texts that were stored before their fields cleaned them: a control character in one breaks the feeds."""

from django.db import migrations

from greenenergy.text.stored_rows import clean_rows


def clean_texts(apps, schema_editor):
    using = schema_editor.connection.alias
    for name in ("Section", "SiteSettings", "Banner", "FriendLink", "Redirect", "MissingPage"):
        for _row in clean_rows(apps.get_model("greenenergy", name), using):
            pass


class Migration(migrations.Migration):

    dependencies = [
        ("greenenergy", "0007_content_changes"),
    ]

    operations = [
        migrations.RunPython(clean_texts, migrations.RunPython.noop, elidable=True),
    ]
