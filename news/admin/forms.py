"""The article form of the admin."""

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.editing.edit_conflicts import EditConflictForm
from news.models import Article, Tag, split_tags
from news.models.tag_names import MAX_LENGTH, MAX_TAGS


class TagLineInput(forms.TextInput):
    """A text input that suggests the newest tags."""

    template_name = "admin/widgets/tag_line.html"
    OFFERED = 500

    class Media:
        js = [forms.Script("js/admin/tag-line.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}_known"
        context["widget"]["known"] = Tag.objects.order_by("-id").values_list("name", flat=True)[
            : self.OFFERED
        ]
        return context


class TagLineField(forms.CharField):
    def has_changed(self, initial, data):
        """Other separators are no other tags."""
        return split_tags(initial or "") != split_tags(data or "")


class ArticleForm(EditConflictForm):
    """An article with its tags typed as one line: 光伏，储能、风电."""

    tag_line = TagLineField(
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

    class Meta:
        model = Article
        exclude = ["tags"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}
        field_classes = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("tag_line", "，".join(self.instance.tag_names))
        for field in self.fields.values():
            if isinstance(field.widget, AdminSplitDateTime):
                _day, clock = field.widget.widgets
                clock.format = "%H:%M:%S"  # the default format would drop the seconds at each save

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
        self.instance.set_tags(Tag.objects.for_names(self.cleaned_data["tag_line"]))
