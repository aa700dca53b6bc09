"""The sections of imported articles: those that the site has, and new ones, which stay out of the navigation."""

from collections import Counter

from greenenergy.models import Section


class Sections:
    """Finds sections by name and makes those that are missing. `new` counts the articles of each new one."""

    def __init__(self) -> None:
        self.new: Counter[str] = Counter()
        self.names = set(Section.objects.lists().values_list("name", flat=True))
        self._found: dict[str, Section] = {}

    def get(self, name: str) -> Section:
        """The list of articles of this name, new if there is none. Raises ValidationError for a name that cannot be."""
        if name in self._found:
            return self._found[name]
        section = Section.objects.lists().filter(name=name).order_by("pk").first()
        if section is None:
            # What an old site calls a section is for an editor to judge, before visitors see it in navigation and home page.
            section = Section(name=name, kind=Section.Kind.LIST, in_navigation=False, on_home=False)
            section.full_clean()
            section.save()
        return section

    def took(self, section: Section) -> None:
        """Remember a section that an article was stored in, or would be."""
        if section.name not in self.names or section.name in self.new:
            self.new[section.name] += 1

    def keep(self, section: Section) -> None:
        self._found[section.name] = section

    def forget(self, name: str) -> None:
        """An editor may have deleted the cached section."""
        self._found.pop(name, None)
