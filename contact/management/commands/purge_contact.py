"""Runs the daily purge now: see contact/privacy/retention.py."""

from django.core.management.base import BaseCommand

from contact.privacy import retention


class Command(BaseCommand):
    help = "Delete conversations, message forms and files that are older than the settings of the chat allow."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args, dry_run, **options):
        purged = retention.purge(dry_run=dry_run)
        title = "Would be deleted" if dry_run else "Deleted"
        counts = ", ".join(f"{name} {count}" for name, count in purged.counts().items())
        self.stdout.write(f"{title}: {counts}")
