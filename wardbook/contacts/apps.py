"""People and organisations: who they are, how to reach them, what to heed, where they live."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "wardbook.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.contacts import undoing  # noqa: F401  registers how acts are taken back
