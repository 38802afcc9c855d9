from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "wardbook.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Register how acts are taken back, and who hears of what.
        from wardbook.desk import reactions, undoing  # noqa: F401  registered by being read
        from wardbook.desk.bulk import running  # noqa: F401  its task is found by being read
