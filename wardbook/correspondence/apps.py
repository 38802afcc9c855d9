from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "wardbook.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.correspondence import reactions, undoing  # noqa: F401  what follows, and how acts are taken back
