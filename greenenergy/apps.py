from django.apps import AppConfig


class GreenEnergyConfig(AppConfig):
    name = "greenenergy"
    verbose_name = "网站"

    def ready(self):
        from .content_version import watch
        from .models import Banner, FriendLink, Section, SiteSettings

        watch(SiteSettings, Section, Banner, FriendLink)
