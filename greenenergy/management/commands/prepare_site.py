"""What `make run` does before it starts gunicorn; see operations/prepare.py."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from greenenergy.config.data_dir import keep_private
from greenenergy.operations.prepare import NoDatabase, create_first_admin, is_in_use, migrate, sqlite_file


class Command(BaseCommand):
    help = _("建好数据表；数据库为空时写入演示内容；没有管理员时新建一个。再运行一次，什么都不改。")

    def handle(self, *args, **options):
        try:
            migrate()
        except NoDatabase as error:
            raise CommandError(
                f"DATABASE_URL: the database does not answer ({error}). Start it, or mend the address."
            ) from None
        keep_private(settings.ENVIRONMENT.data_dir, sqlite_file())
        if settings.ENVIRONMENT.https:
            if not is_in_use():
                self.stdout.write(
                    _(
                        "正式网站（SITE_URL 是 https）从空的开始，登录后台看第一步做什么。要看演示内容：manage.py demo_content"
                    )
                )
        elif not is_in_use():
            call_command("demo_content", stdout=self.stdout)
        credentials = create_first_admin()
        self.stdout.write(_("网站：%s/") % settings.SITE_URLS[0])
        self.stdout.write(_("后台：%s/admin/") % settings.SITE_URLS[0])
        if credentials:
            self.stdout.write(_("管理员：%s") % credentials.username)
            if credentials.is_random:
                self.stdout.write(_("密码：%s（只显示这一次）") % credentials.password)
            else:  # chosen by the operator, and must not get into a log
                self.stdout.write(_("密码：DJANGO_SUPERUSER_PASSWORD 里的那个"))
