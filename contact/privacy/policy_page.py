"""The company page with the privacy policy that comes with the product."""

import itertools

from contact.models import ContactSettings
from greenenergy.models import Section

from .policy_text import POLICY


def make_policy_page(rules: ContactSettings) -> Section:
    """A company page with that text, linked from the footer and from the consent."""
    taken = set(Section.objects.filter(slug__startswith="privacy").values_list("slug", flat=True))
    others = (f"privacy-{number}" for number in itertools.count(2))
    free = next(slug for slug in itertools.chain(["privacy"], others) if slug not in taken)
    page = Section.objects.create(
        name="隐私政策", slug=free, kind=Section.Kind.PAGE, english_name="Privacy",
        order=9, in_navigation=False, in_footer=True, body=POLICY,
    )  # fmt: skip
    rules.privacy_page = page
    rules.save()
    return page
