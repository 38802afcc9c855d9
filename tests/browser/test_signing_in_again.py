"""The session ends while somebody writes: they sign in on top of the page, and nothing typed is lost."""

import pytest
from django.urls import reverse

from wardbook.offices.factories import ManagerFactory

PASSWORD = "three otters read maps"


@pytest.fixture
def signed_in(open_page):
    """A page of an office, opened by somebody who typed their password."""
    manager = ManagerFactory()
    manager.user.set_password(PASSWORD)
    manager.user.save()
    page = open_page(reduced_motion="reduce")
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill(manager.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**/{manager.office.slug}/")
    return page


def end_session(page):
    page.context.clear_cookies()


def sign_in_on_top(page):
    dialog = page.get_by_role("dialog", name="Please sign in again")
    dialog.get_by_label("Email").fill(page.evaluate("window.name"))
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    dialog.wait_for(state="detached")


def test_what_was_asked_for_comes_after_signing_in_again(signed_in, django_user_model):
    page = signed_in
    page.evaluate("name => { window.name = name }", django_user_model.objects.get().email)
    end_session(page)
    page.keyboard.press("c")
    sign_in_on_top(page)

    page.get_by_role("dialog", name="New case").wait_for()


def test_a_form_is_sent_again_with_all_that_was_typed(signed_in, django_user_model):
    page = signed_in
    page.evaluate("name => { window.name = name }", django_user_model.objects.get().email)
    page.keyboard.press("c")
    new_case = page.get_by_role("dialog", name="New case")
    what = new_case.get_by_label("What do they need?")
    what.fill("Damp in flat")
    end_session(page)
    page.keyboard.press("Control+Enter")
    sign_in_on_top(page)

    assert what.input_value() == "Damp in flat"
    # Sent again, and answered: nobody was named.
    page.get_by_text("There is a problem").wait_for()
