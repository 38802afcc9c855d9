"""How a session finds its person, once for each request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from wardbook.accounts.models import User
from wardbook.lib.standing import Standing

PERSON: Standing[User] = Standing(lambda pk: User.objects.filter(pk=pk), "pk")


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, with the SQL made once."""

    def get_user(self, user_id: Any) -> User | None:
        """The person, or None for nobody, or somebody who may not sign in any more."""
        for user in PERSON(pk=int(user_id)):
            return user if self.user_can_authenticate(user) else None
        return None
