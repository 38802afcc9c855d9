"""Docs equal code."""

import re

import pytest

from tests.printed_pages import PAGES, ROOT


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_printed_page_says_what_the_code_says(name):
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "Run: python -m tests.printed_pages"


def test_every_link_between_our_pages_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_file_that_the_plan_of_the_house_names_is_there():
    plan = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_/]+\.(?:py|toml|html))`", plan))
    assert len(named) > 30
    assert {name for name in named if not any((ROOT / place / name).exists() for place in ("wardbook", "."))} == set()
