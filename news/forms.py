"""The article form of the admin."""

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Article, Tag, split_tags
from .models.tags import MAX_LENGTH, MAX_TAGS


class TagLineInput(forms.TextInput):
    """A text field that offers the newest tags while one types."""

    template_name = "admin/widgets/tag_line.html"
    OFFERED = 500

    class Media:
        js = ["js/admin-tags.js"]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}_known"
        context["widget"]["known"] = Tag.objects.order_by("-id").values_list("name", flat=True)[
            : self.OFFERED
        ]
        return context


class ArticleForm(forms.ModelForm):
    """An article with its tags typed as one line: 光伏，储能、风电."""

    tag_line = forms.CharField(
        label=_("标签"),
        required=False,
        widget=TagLineInput(attrs={"class": "vLargeTextField tag-line", "autocomplete": "off"}),
        help_text=_("写在一行里，用逗号、顿号或分号隔开，例如：光伏，储能、风电。没有的标签会自动新建。"),
    )
    source_url = forms.URLField(
        label=_("原文网址"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )

    opened = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # the text's time when the form was made
    overwrite = forms.BooleanField(
        label=_("仍然保存"),
        required=False,
        widget=forms.HiddenInput,
        help_text=_("用下面写的覆盖别人保存的内容。"),
    )

    class Meta:
        model = Article
        exclude = ["tags"]  # noqa: DJ006  the admin's fieldsets name the fields
        widgets = {"summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}
        field_classes = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("tag_line", "，".join(self.instance.tag_names))
            self.initial["opened"] = self.instance.updated_at.isoformat()
        for field in self.fields.values():
            if isinstance(field.widget, AdminSplitDateTime):
                field.widget.widgets[1].format = "%H:%M:%S"  # else an hour loses its seconds with each save

    @cached_property
    def changed_data(self):
        """Without what belongs to no article: the history is read by people."""
        return [name for name in super().changed_data if name not in ("opened", "overwrite")]

    def clean(self):
        """Whoever saves second is told of the first, and nothing of either is lost."""
        cleaned = super().clean()
        opened = cleaned.get("opened")
        if self.instance.pk and opened and not cleaned.get("overwrite"):
            # Locked until the save is done: of two at the same moment one is second.
            row = Article.objects.select_for_update(of=("self",)).only("updated_at").get(pk=self.instance.pk)
            if row.updated_at.isoformat() != opened:
                self.fields["overwrite"].widget = forms.CheckboxInput()
                raise ValidationError(_saved_meanwhile(row))
        return cleaned

    def clean_tag_line(self):
        names = split_tags(self.cleaned_data["tag_line"])
        too_long = [name for name in names if len(name) > MAX_LENGTH]
        if too_long:
            raise ValidationError(
                gettext("标签“%(name)s”太长，最多 %(limit)d 个字；几个标签之间请用逗号隔开。")
                % {"name": too_long[0], "limit": MAX_LENGTH}
            )
        if len(names) > MAX_TAGS:
            raise ValidationError(gettext("一篇文章最多 %(limit)d 个标签。") % {"limit": MAX_TAGS})
        return names

    def _save_m2m(self):
        super()._save_m2m()
        self.instance.tags.set(Tag.objects.for_names(self.cleaned_data["tag_line"]))


def _saved_meanwhile(article):
    """Who, when, and where to look, as safe HTML."""
    content_type = ContentType.objects.get_for_model(Article)
    log = LogEntry.objects.filter(content_type=content_type, object_id=str(article.pk)).select_related("user")
    entry = log.order_by("-action_time").first()
    who = entry.user.get_full_name() or entry.user.get_username() if entry else gettext("有人")
    text = gettext(
        "您打开这篇文章之后，%(who)s在 %(when)s 保存过它。您写的都在下面，还没有保存："
        "请先看看现在的内容，把要改的合在一起；或者勾选“仍然保存”。"
    ) % {"who": who, "when": date_format(timezone.localtime(article.updated_at), "H:i:s")}
    address = reverse("admin:news_article_change", args=[article.pk])
    return format_html(
        '{} <a href="{}" target="_blank">{}</a>', text, address, gettext("在新窗口看现在的内容")
    )
