"""The message form (在线留言), the same on the contact page and in the chat's panel."""

import re
import time

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contact.models import ContactSettings, Enquiry

from .phone_numbers import clean_phones

STAMP_SALT = "contact.enquiry"
MIN_SECONDS = 2  # between the page and the sent form; a bot is quicker


class EnquiryForm(forms.ModelForm):
    """Bots are met without a captcha: by a field that people do not see, and by the time since the page."""

    consent = forms.IntegerField(required=False)  # the version of the privacy notice that was agreed to
    website = forms.CharField(required=False, max_length=500)  # the honeypot
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Enquiry
        fields = ["name", "phone", "wechat", "company", "topic", "text", "page_url", "page_title"]

    def __init__(self, *args, rules: ContactSettings, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.fields["name"].error_messages["required"] = _("请告诉我们怎么称呼您。")
        self.fields["text"].error_messages["required"] = _("请写下您想了解什么。")
        self.fields["topic"] = forms.ChoiceField(
            choices=[(name, name) for name in rules.topic_names], required=False
        )
        for name, autocomplete in (("name", "name"), ("phone", "tel"), ("company", "organization")):
            self.fields[name].widget.attrs["autocomplete"] = autocomplete
        self.fields["phone"].widget.input_type = "tel"
        self.fields["phone"].widget.attrs |= {"inputmode": "tel"}
        for name in ("phone", "text"):  # a browser would cut what is pasted, without a word
            self.fields[name].widget.attrs.pop("maxlength", None)

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        return clean_phones(phone) if phone else ""

    def clean_wechat(self):
        wechat = self.cleaned_data["wechat"].strip()
        if wechat and not re.fullmatch(r"[A-Za-z0-9_+\-]{5,40}", wechat):
            raise ValidationError(_("微信号是字母、数字、下划线，至少 5 位；手机号也可以。"))
        return wechat

    def clean_page_title(self):
        return " ".join(self.cleaned_data["page_title"].split())

    def clean_page_url(self):
        url = "".join(self.cleaned_data["page_url"].split())
        return url if url.startswith(("http://", "https://")) else ""

    def clean_consent(self):
        if self.cleaned_data["consent"] != self.rules.privacy_version:
            raise ValidationError(_("请先阅读隐私提示并勾选同意。"))
        return self.cleaned_data["consent"]

    def clean(self):
        data = super().clean()
        if not data.get("phone") and not data.get("wechat") and not {"phone", "wechat"} & set(self.errors):
            self.add_error("phone", _("请留下电话或微信号，我们才能回复您。"))
        if not self.errors and not self._is_slow_enough(data.get("stamp", "")):
            raise ValidationError(_("提交得太快了，请再点一次“提交”。"))
        return data

    def _is_slow_enough(self, stamp):
        try:
            return time.time() - signing.loads(stamp, salt=STAMP_SALT) >= MIN_SECONDS
        except signing.BadSignature:
            return False

    @property
    def is_from_a_bot(self) -> bool:
        """The invisible field is filled in. Such a form is stored as spam: a browser's autofill may have done it."""
        return bool(self.cleaned_data.get("website"))


def new_stamp() -> str:
    """The signed time at which a form was rendered."""
    return signing.dumps(int(time.time()), salt=STAMP_SALT)
