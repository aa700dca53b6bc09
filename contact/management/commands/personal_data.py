"""Exports or erases what the site stores of one person."""

import json
import os
import zipfile

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from contact.privacy import personal_data
from greenenergy.media.errors import StorageUnavailable


class Command(BaseCommand):
    help = "Export (to a zip file) or erase whatever is known of the person with this phone number."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write everything to FILE")
        export.add_argument("phone")
        export.add_argument("file")
        erase = verbs.add_parser("erase", help="delete everything")
        erase.add_argument("phone")
        erase.add_argument("--yes", action="store_true", help="without it the command only counts")

    def handle(self, *args, verb, phone, **options):
        try:
            findings = personal_data.find(phone)
        except ValueError as error:
            raise CommandError(f"{phone!r}: {error}.") from None
        if verb == "export":
            return self._export(findings, options["file"])
        if not options["yes"]:
            self._print("Would be deleted", findings.counts())
            self.stdout.write("Nothing is deleted yet: say it again with --yes.")
            return None
        try:
            counts = personal_data.erase_elsewhere(phone) | personal_data.erase(findings)
        except StorageUnavailable as error:
            raise CommandError(
                f"{error}. All rows are deleted; a file that is left goes with the daily purge, a day old."
            ) from None
        self._print("Deleted", counts)

    def _export(self, findings, path):
        try:
            with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
                text = json.dumps(
                    personal_data.export(findings), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2
                )
                archive.writestr("data.json", text)
                for name, file in personal_data.files(findings):
                    with file.open() as opened:
                        archive.writestr(name, opened.read())
        except StorageUnavailable as error:
            os.unlink(path)  # half an export would pass for a whole one
            raise CommandError(f"{error}. Nothing is written.") from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from None
        self._print(f"Written to {path}", findings.counts())

    def _print(self, title, counts):
        self.stdout.write(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
