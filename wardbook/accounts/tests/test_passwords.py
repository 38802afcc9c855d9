"""Which passwords are refused: length counts, kinds of letters do not (H11)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from wardbook.accounts.models import User

SAM = User(email="sam.okoro@example.org", name="Sam Okoro")


@pytest.mark.parametrize(
    "password",
    [
        "plum tractor velvet seven",
        "correct horse battery staple",
        "plumtractorvelvetseven",
        "PLUM TRACTOR VELVET",
        "314159265358979323",
        "glân môr a mynydd",
        "ヘンリーは猫が好きですよね",
        "x7!kQ#pL9@zW",
        "plum tractor velvet seven " * 15,
    ],
)
def test_long_and_unlikely_is_enough(password):
    validate_password(password, SAM)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "x7!kQ#pL9@z",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012",
        "9876543210987",
        "qwertyuiopasdf",
        "1qaz2wsx3edc4rfv",
        "password2024!!",
        "Password-1234",
        "sunshine!2345",
        "Wardbook2025!!",
        "caseworkcasework",
        "sam.okoro2025",
        "samokoro@example.org",
        "x" * 513,
        "plum tractor velvet seven " * 21,
    ],
)
def test_what_is_short_endless_or_easy_to_guess_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, SAM)


def test_a_password_that_takes_long_to_judge_is_not_judged():
    """A megabyte reaches no comparison that grows with the square of its length."""
    with pytest.raises(ValidationError) as refused:
        validate_password("plum " * 200_000, SAM)
    assert "512" in str(refused.value)
