"""All that a site needs before gunicorn: tables, content where there is none, somebody who may log in."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = _("建好数据表；数据库为空时写入演示内容；没有管理员时新建一个。再运行一次，什么都不改。")

    def handle(self, *args, **options):
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"DATABASE_URL: the database does not answer ({reason}). Start it, or mend the address."
            ) from None
        if (
            not get_user_model().objects.exists()
        ):  # where somebody works already, an empty site is meant to be empty
            call_command("demo_content", stdout=self.stdout)
        credentials = create_first_admin()
        address = settings.SITE_URLS[0]
        self.stdout.write(_("网站：%s/") % address)
        self.stdout.write(_("后台：%s/admin/") % address)
        if credentials:
            username, password, is_random = credentials
            self.stdout.write(_("管理员：%s") % username)
            # A password that the operator chose is known to the operator; it does not belong into a log.
            self.stdout.write(
                _("密码：%s（只显示这一次）") % password
                if is_random
                else _("密码：DJANGO_SUPERUSER_PASSWORD 里的那个")
            )


def create_first_admin():
    """(name, password, whether the password is random) of a new superuser, or None where there is one."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    username = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    users.create_superuser(username, password=password)
    return username, password, not given
