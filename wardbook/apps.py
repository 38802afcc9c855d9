"""The house itself as a Django app: it brings the commands and the checks that concern the whole installation."""

from django.apps import AppConfig


class WardbookConfig(AppConfig):
    name = "wardbook"
    label = "wardbook"
    verbose_name = "Wardbook"

    def ready(self) -> None:
        from wardbook import checks  # noqa: F401  registers the checks; models are not loaded before this point
