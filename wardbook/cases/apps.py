from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wardbook.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.cases import reactions, undoing  # noqa: F401  registers what follows, and how acts are taken back
