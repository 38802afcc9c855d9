from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "wardbook.vocabulary"
    label = "vocabulary"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.vocabulary import undoing  # noqa: F401  registers how acts are taken back
