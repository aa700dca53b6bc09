from urllib.parse import unquote, unquote_to_bytes

from django.db import migrations
from django.db.models import F

from greenenergy.models.old_urls import normal_form, old_path


def new_form(stored):
    """The normal form of a path stored in the form before: decoded, where a ? in a tag's name looks like a query."""
    path, mark, query = stored.partition("?")
    if query.endswith("/") and "=" not in query:
        path, query = f"{path}{mark}{query}", ""
    return normal_form(unquote_to_bytes(path), query.encode())


def redirects(apps, schema_editor):
    """Of several that are one now, the one with its last slash worked until now; then the newest."""
    rows = apps.get_model("greenenergy", "Redirect").objects
    ranked = sorted(rows.all(), key=lambda row: (row.old_path.partition("?")[0].endswith("/"), row.pk), reverse=True)
    taken, superfluous, changed = set(), [], []
    for row in ranked:
        path = new_form(row.old_path)
        if path in taken or (row.target.startswith("/") and old_path(row.target) == path):
            superfluous.append(row.pk)
            continue
        taken.add(path)
        if path != row.old_path:
            row.old_path = path
            changed.append(row)
    for row in superfluous:
        rows.filter(pk=row).delete()
    rows.bulk_update(changed, ["old_path"], batch_size=500)


def missing_pages(apps, schema_editor):
    rows = apps.get_model("greenenergy", "MissingPage").objects
    for row in rows.all():
        path = new_form(row.path)
        if path == row.path:
            continue
        if rows.filter(path=path).update(visits=F("visits") + row.visits):
            row.delete()
        else:
            rows.filter(pk=row.pk).update(path=path)


def with_last_slashes(apps, schema_editor):
    """The form before knew a section's page by its URL with the last slash."""
    for model in ("Redirect", "MissingPage"):
        rows, field = apps.get_model("greenenergy", model).objects, "old_path" if model == "Redirect" else "path"
        for row in rows.all():
            path, mark, query = getattr(row, field).partition("?")
            if not path.endswith("/") and "." not in path.rpartition("/")[2]:
                rows.filter(pk=row.pk).update(**{field: f"{unquote(path)}/{mark}{query}"[:500]})


class Migration(migrations.Migration):
    dependencies = [("greenenergy", "0008_clean_texts")]

    operations = [
        migrations.RunPython(redirects, with_last_slashes),
        migrations.RunPython(missing_pages, migrations.RunPython.noop),
    ]
