from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "wardbook.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.exchange import reactions  # noqa: F401  registered by being read
