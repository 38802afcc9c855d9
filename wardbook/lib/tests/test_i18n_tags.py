"""Words of a template are translated once for each language, and into each language."""

from django.template import Context, Template
from django.utils.translation import override

from wardbook.lib import i18n_tags


def test_words_of_a_template_are_said_in_the_language_of_each_reader():
    template = Template('{% load i18n %}{% translate "Sunday" %} {% translate "Sunday" as day %}{{ day }}')
    for language, said in (("en-gb", "Sunday Sunday"), ("fr", "dimanche dimanche"), ("en-gb", "Sunday Sunday")):
        with override(language):
            assert template.render(Context()) == said


def test_words_of_a_variable_are_looked_up_each_time():
    template = Template('{% load i18n %}{% translate day %}{% translate "Sunday"|upper %}')
    with override("fr"):
        assert template.render(Context({"day": "Monday"})) == "lundiDIMANCHE"
        assert template.render(Context({"day": "Friday"})) == "vendrediDIMANCHE"


def test_what_stands_in_a_template_is_escaped_as_before():
    drawn = Template("{% load i18n %}{% translate \"<b> & 100%\" %}|{% translate 'May' context 'abbr. month' %}")
    assert drawn.render(Context()) == "<b> & 100%|May"
    assert Template("{% load i18n %}{% trans 'Sunday' noop %}").render(Context()) == "Sunday"


def test_every_tag_of_django_is_there():
    assert i18n_tags.register.tags.keys() >= {"translate", "trans", "blocktranslate", "get_current_language"}
