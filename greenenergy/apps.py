from django.apps import AppConfig


class GreenEnergyConfig(AppConfig):
    name = "greenenergy"
    verbose_name = "网站"

    def ready(self):
        from .content_version import watch
        from .models import Banner, FriendLink, Section, SiteSettings
        from .models.addresses import forget_number
        from .signals import personal_data_erased

        watch(SiteSettings, Section, Banner, FriendLink)
        personal_data_erased.connect(forget_number, dispatch_uid="greenenergy.addresses")
