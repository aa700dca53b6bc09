from django.urls import register_converter


class UnicodeSlugConverter:
    """Letters of any script, digits, - and _: /news/行业资讯/."""

    regex = r"[-\w]+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(UnicodeSlugConverter, "unicode_slug")
