"""The search index, filled with the articles that are there, and the words that visitors search for."""

from django.db import migrations, models

from news import search
from news.search import postgresql, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
BATCH = 500


def create_index(apps, schema_editor):
    for statement in ENGINES[schema_editor.connection.vendor].CREATE:
        schema_editor.execute(statement)
    fields = ("title", "summary", "body_text", "published_at")
    articles = apps.get_model("news", "Article").objects.only(*fields).order_by("pk")
    batch = []
    for article in articles.iterator(BATCH):
        batch.append(article)
        if len(batch) == BATCH:
            search.index_articles(batch, schema_editor.connection.alias)
            batch = []
    search.index_articles(batch, schema_editor.connection.alias)


def drop_index(apps, schema_editor):
    for statement in ENGINES[schema_editor.connection.vendor].DROP:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(create_index, drop_index, elidable=False),
        migrations.CreateModel(
            name="SearchedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=50, unique=True, verbose_name="搜索的词")),
                ("searches", models.PositiveIntegerField(default=0, verbose_name="次数")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="最近一次找到的篇数")),
                ("last_searched_at", models.DateTimeField(verbose_name="最近一次")),
            ],
            options={
                "verbose_name": "访客搜索的词",
                "verbose_name_plural": "访客搜索的词",
                "ordering": ["-searches", "-last_searched_at"],
            },
        ),
    ]
