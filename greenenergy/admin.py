"""The admin of the site's settings, sections, redirects, banners and friend links."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Max
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from greenenergy.editing.accounts import AccountAdmin, StaffGroupAdmin
from greenenergy.editing.admin import EditedAdmin, StaffAdmin
from greenenergy.operations.redirect_checks import warnings_about

from .models import Banner, FriendLink, MissingPage, Redirect, Section, SiteSettings

admin.site.site_header = admin.site.site_title = _("网站管理")
admin.site.index_title = _("首页")
admin.site.enable_nav_sidebar = True

for model, model_admin in ((get_user_model(), AccountAdmin), (Group, StaffGroupAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, model_admin)


@admin.register(SiteSettings)
class SiteSettingsAdmin(StaffAdmin):
    fieldsets = [
        (None, {"fields": ["company_name", "short_name", "english_name", "greeting", "slogan", "logo"]}),
        (_("首页"), {"fields": ["about_section"]}),
        (_("公告条"), {"fields": ["notice", "notice_url", ("notice_from", "notice_until")]}),
        (_("灰度"), {"fields": ["is_grey", ("grey_from", "grey_until")]}),
        (_("页脚"), {"fields": ["address", "icp_number", "police_number", "copyright"]}),
        (
            _("搜索引擎"),
            {"fields": ["seo_title", "seo_keywords", "seo_description", "share_picture", "robots"]},
        ),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        """Redirect to the form of the only row."""
        existing = SiteSettings.objects.first()
        if existing is None and self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:greenenergy_sitesettings_add"))
        if existing is not None and self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse("admin:greenenergy_sitesettings_change", args=[existing.pk]))
        return super().changelist_view(request, extra_context)


@admin.register(Section)
class SectionAdmin(EditedAdmin):
    list_display = ["name", "kind", "parent", "url", "order", "in_navigation", "in_footer"]
    list_editable = ["order", "in_navigation", "in_footer"]
    list_filter = ["kind", "in_navigation"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    fieldsets = [
        (None, {"fields": ["overwrite", "name", "kind", "slug", "link_url", "parent", "order", "opened"]}),
        (_("在哪里显示"), {"fields": ["in_navigation", "in_footer", "on_home", "layout", "english_name"]}),
        (_("内容"), {"fields": ["introduction", "body"]}),
        (
            _("搜索引擎"),
            {"fields": ["seo_title", "seo_keywords", "seo_description"], "classes": ["collapse"]},
        ),
    ]

    def get_changeform_initial_data(self, request):
        """A new section is last, and in no navigation before somebody says so: it is still empty."""
        last = Section.objects.aggregate(last=Max("order"))["last"] or 0
        return {
            "in_navigation": False,
            "order": min(last + 10, 32767),
            **super().get_changeform_initial_data(request),
        }

    @admin.display(description=_("网址"))
    def url(self, section):
        return section.get_absolute_url()


@admin.register(Redirect)
class RedirectAdmin(StaffAdmin):
    list_display = ["old_path", "leads_to", "is_automatic", "created_at"]
    list_filter = ["is_automatic"]
    search_fields = ["old_path", "target"]
    fields = ["old_path", "target"]

    @admin.display(description=_("跳转到"), ordering="target")
    def leads_to(self, redirect):
        return redirect.target or _("已删除（410）")

    def save_model(self, request, redirect, form, change):
        super().save_model(request, redirect, form, change)
        for text in warnings_about(redirect):
            messages.warning(request, text)


@admin.register(MissingPage)
class MissingPageAdmin(StaffAdmin):
    """Paths that do not exist, each with a link that makes a redirect of it."""

    list_display = ["path", "visits", "last_visited_at", "make_redirect"]
    list_display_links = None
    search_fields = ["path"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_list_display(self, request):
        if request.user.has_perm("greenenergy.add_redirect"):
            return self.list_display
        return [name for name in self.list_display if name != "make_redirect"]

    @admin.display(description=_("处理"))
    def make_redirect(self, page):
        url = reverse("admin:greenenergy_redirect_add") + "?" + urlencode({"old_path": page.path})
        return format_html('<a href="{}">{}</a>', url, _("设为跳转"))


@admin.register(Banner)
class BannerAdmin(StaffAdmin):
    list_display = ["title", "preview", "order", "is_active", "starts_at", "ends_at"]
    list_editable = ["order", "is_active"]
    fields = ["title", "picture", "phone_picture", "link_url", "order", "is_active", ("starts_at", "ends_at")]

    @admin.display(description=_("图片"))
    def preview(self, banner):
        return format_html('<img src="{}" alt="" width="120">', banner.picture.url)


@admin.register(FriendLink)
class FriendLinkAdmin(StaffAdmin):
    list_display = ["name", "url", "order", "is_active"]
    list_editable = ["order", "is_active"]
