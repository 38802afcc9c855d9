"""K6: a copy of the database gives no working secret."""

import pytest

from wardbook.correspondence import sealing


def test_a_secret_opens_again_and_is_not_readable_meanwhile():
    sealed = sealing.seal("open sesame, ŵŷ")
    assert "sesame" not in sealed
    assert sealing.unseal(sealed) == "open sesame, ŵŷ"
    assert sealing.seal("open sesame, ŵŷ") != sealed


def test_no_secret_stays_no_secret():
    assert sealing.seal("") == "" == sealing.unseal("")


def test_another_key_opens_nothing(settings):
    sealed = sealing.seal("open sesame")
    settings.SECRET_KEY = "x" * 50
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(sealed)


def test_a_former_key_still_opens_while_it_is_named(settings):
    sealed = sealing.seal("open sesame")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 50
    assert sealing.unseal(sealed) == "open sesame"


@pytest.mark.parametrize("damaged", ["x", "gAAAAA", "é"])
def test_a_damaged_secret_says_so(damaged):
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(damaged)
