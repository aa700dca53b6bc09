"""The privacy page that came with the first version said less than the site does. Where nobody has changed it, it is replaced.

What was agreed to so far is kept first, under its version.
"""

import hashlib
import re

from django.db import migrations

from contact.privacy.policy_text import POLICY

OLD_PAGE = "55ecea5b2cafb8292ce9a6b0a7a3b79925ae4d2f9d43b008a807f00af70b98a8"  # SHA-256 of it without blanks
OLD_NOTICE = (
    "为了回答您的问题，我们会保存您发送的内容、联系方式和您正在看的页面；您输入时客服能看到正在输入的文字。"
    "您可以随时点“结束并清除”。"
)


def replace_page(apps, schema_editor):
    using = schema_editor.connection.alias
    models = {name: apps.get_model("contact", name).objects.using(using) for name in ("ContactSettings", "PrivacyText", "Visitor", "Enquiry")}
    rules = models["ContactSettings"].filter(pk=1).select_related("privacy_page").first()
    page = rules.privacy_page if rules else None
    was_agreed_to = models["Visitor"].exists() or models["Enquiry"].exists()
    if was_agreed_to:
        texts = {"notice": rules.privacy_notice if rules else OLD_NOTICE, "policy": page.body if page else ""}
        models["PrivacyText"].get_or_create(version=rules.privacy_version if rules else 1, defaults=texts)
    if was_agreed_to and not rules:
        models["ContactSettings"].create(pk=1, privacy_version=2)  # the default notice is another one now
    for section in apps.get_model("greenenergy", "Section").objects.using(using).filter(kind="page"):
        if hashlib.sha256(re.sub(r"\s+", "", section.body).encode()).hexdigest() != OLD_PAGE:
            continue
        section.body = POLICY
        section.save()
        if was_agreed_to and page and page.pk == section.pk:
            models["ContactSettings"].filter(pk=1).update(privacy_version=rules.privacy_version + 1)


class Migration(migrations.Migration):

    dependencies = [
        ("contact", "0007_keep_what_was_agreed_to"),
        ("greenenergy", "0009_normal_form_of_old_urls"),
    ]

    operations = [
        migrations.RunPython(replace_page, migrations.RunPython.noop, elidable=True),
    ]
