"""The company page with the privacy policy that comes with the product."""

from contact.models import ContactSettings
from greenenergy.models import Section

from .policy_text import POLICY


def make_policy_page(rules: ContactSettings) -> Section:
    """A company page with that text, linked from the footer and from the consent."""
    taken = Section.objects.filter(slug="privacy").exists()
    page = Section.objects.create(
        name="隐私政策", slug="privacy-policy" if taken else "privacy", kind=Section.Kind.PAGE, english_name="Privacy",
        order=9, in_navigation=False, in_footer=True, body=POLICY,
    )  # fmt: skip
    rules.privacy_page = page
    rules.save()
    return page
