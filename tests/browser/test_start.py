"""The first page a person meets."""


def test_signing_in_is_offered(page):
    page.goto("/accounts/login/")

    assert page.get_by_label("Email").is_visible()
    assert page.get_by_label("Password").first.is_visible()
