"""A demo office with one caseworker and some cases, made in whatever database the environment names.

`python -m tests.small_office` prints the key by which the caseworker is signed in.
"""

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardbook.settings")
    import django

    django.setup()
    from django.utils import timezone

    from wardbook.cases import actions
    from wardbook.demo import staff

    now = timezone.now()
    office = staff.office(
        name="Small office",
        short_name="Small",
        slug="small",
        profile="representative",
        country="GB",
        subdivision="ENG",
        at=now,
    )
    people = staff.hire(office, [("Anna Price", "anna", "caseworker", "")], domain="example.org", at=now)
    for number in range(6):
        actions.open_case(
            office, description=f"Case {number}", is_anonymous=True, owner=people["Anna"], by=people["Anna"], at=now
        )


if __name__ == "__main__":
    main()
