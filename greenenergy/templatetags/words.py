"""{% translate "words" %} for words that stand in the template, as nearly all do: a look into the catalogue.

Django's own tag makes a lazy string, resolves it as a variable and escapes it: 8 us where this takes 3, and a page has
some twenty. All other forms of the tag are Django's.
"""

from django import template
from django.template.base import Variable
from django.templatetags.i18n import do_translate
from django.utils.translation import gettext

register = template.Library()


class WordsNode(template.Node):
    def __init__(self, words):
        self.words = words

    def render(self, context):
        return gettext(self.words)


@register.tag
def translate(parser, token):
    node = do_translate(parser, token)
    expression = node.filter_expression
    words = expression.var.literal if isinstance(expression.var, Variable) else None
    is_plain = not (expression.filters or node.noop or node.asvar or node.message_context)
    # A percent sign is doubled in the catalogue, and that is Django's to know.
    return WordsNode(str(words)) if is_plain and isinstance(words, str) and "%" not in words else node
