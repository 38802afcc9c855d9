"""Addresses of rows are the addresses of their routes."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from wardbook.lib.addresses import of_row


@pytest.mark.parametrize(
    ("route", "before", "pk"),
    [
        ("desk:case", ("glanmor",), 7),
        ("desk:activity_later", ("office-8365240917",), 0),
        ("cases:add_files", ("glanmor", "note"), 12345678),
        ("cases:note", ("glanmor", 2041), 2041),
    ],
)
def test_an_address_is_what_the_route_says(route, before, pk):
    assert of_row(route, *before, pk=pk) == reverse(route, args=[*before, pk])


def test_a_house_below_another_address_has_its_own():
    assert of_row("desk:case", "glanmor", pk=1) == "/glanmor/cases/1/"
    set_script_prefix("/casework/")
    try:
        assert of_row("desk:case", "glanmor", pk=1) == "/casework/glanmor/cases/1/"
    finally:
        set_script_prefix("/")


def test_no_number_leads_out_of_its_place():
    with pytest.raises(ValueError, match="Unknown format code"):
        of_row("desk:case", "glanmor", pk="1/../../elsewhere")
    with pytest.raises(NoReverseMatch):
        of_row("desk:nothing", "glanmor", pk=1)
