"""Imported articles are known again by their text, those of earlier imports too."""

from django.db import migrations, models
from django.db.models import Q

import greenenergy.text.fields
from news.old_site.identity import LONG_TEXT, text_key
from news.old_site.headline import letters

ROWS = 500


def fill_import_text(apps, schema_editor):
    articles = apps.get_model("news", "Article").objects.using(schema_editor.connection.alias)
    imported = articles.exclude(import_key=None).only("title", "body_text")
    rows = []
    for article in imported.iterator(chunk_size=ROWS):
        if len(letters(article.body_text)) >= LONG_TEXT:
            article.import_text = text_key(article.title, article.body_text)
            rows.append(article)
        if len(rows) == ROWS:
            articles.bulk_update(rows, ["import_text"])
            rows = []
    articles.bulk_update(rows, ["import_text"])


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0012_clean_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="import_text",
            field=greenenergy.text.fields.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.RunPython(fill_import_text, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["import_text"], name="article_import_text", condition=~Q(import_text="")),
        ),
    ]
