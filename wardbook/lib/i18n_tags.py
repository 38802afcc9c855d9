"""Django's `{% load i18n %}`, but what stands in a template as it is is translated once for each language.

A page says hundreds of such words, many of them in every row, and Django looks each up again each time it is drawn.
"""

from __future__ import annotations

from django.template import Context, Library
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class KeptTranslateNode(i18n.TranslateNode):
    """Words of the template itself; `asvar` is the variable that takes them."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop)
        self.kept_as = node.asvar
        self.kept: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = (get_language(), context.autoescape)
        words = self.kept.get(key)
        if words is None:
            words = self.kept[key] = super().render(context)
        if self.kept_as:
            context[self.kept_as] = words
            return ""
        return words


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """As Django's tag."""
    node = i18n.do_translate(parser, token)
    expression = node.filter_expression
    stands_there = getattr(expression.var, "literal", None) is not None and not expression.filters
    return KeptTranslateNode(node) if stands_there and not node.message_context else node
