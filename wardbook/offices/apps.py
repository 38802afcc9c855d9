from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "wardbook.offices"
    label = "offices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.offices import reactions  # noqa: F401  registers what offices react to
