"""On PostgreSQL the words of short articles stand in their rows; written before this, they are moved there.

Searches go on meanwhile; who saves an article waits. The place that they leave is free after the next autovacuum.
"""

from django.db import migrations

from news.search.postgresql import KEEP_IN_ROW


def keep_in_rows(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE news_search SET ({KEEP_IN_ROW})")
        # With something appended they are written anew, even if it is nothing.
        schema_editor.execute("UPDATE news_search SET words = words || ''::tsvector")


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0010_list_indexes"),
    ]

    operations = [
        migrations.RunPython(keep_in_rows, migrations.RunPython.noop, elidable=False),
    ]
