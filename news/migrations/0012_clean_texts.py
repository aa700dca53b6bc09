"""Texts that were stored before their fields cleaned them: a control character in one breaks the feeds."""

from django.db import migrations

from greenenergy.text.stored_rows import clean_rows
from news import search


def clean_texts(apps, schema_editor):
    using = schema_editor.connection.alias
    for name in ("Tag", "Attachment"):
        for _row in clean_rows(apps.get_model("news", name), using):
            pass
    for article in clean_rows(apps.get_model("news", "Article"), using):
        search.index_articles([article], using)


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0011_search_words_in_rows"),
    ]

    operations = [
        migrations.RunPython(clean_texts, migrations.RunPython.noop, elidable=True),
    ]
