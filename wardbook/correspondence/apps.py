from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "wardbook.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What follows, and the way back: registered by being imported.
        from wardbook.correspondence import (  # noqa: F401  registered by being imported
            leaving,
            letter_undoing,
            reactions,
            undoing,
            undoing_campaigns,
        )
