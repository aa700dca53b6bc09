from django.apps import AppConfig


class GreenEnergyConfig(AppConfig):
    name = "greenenergy"
    verbose_name = "网站"

    def ready(self):
        from greenenergy.content_version import watch
        from greenenergy.page_cache import register_next_change

        from .models import Banner, FriendLink, Section, SiteSettings
        from .models.addresses import forget_number
        from .models.home import next_change
        from .signals import personal_data_erased

        register_next_change(next_change)
        watch(SiteSettings, Section, Banner, FriendLink)
        personal_data_erased.connect(forget_number, dispatch_uid="greenenergy.addresses")
