from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "wardbook.offices"
    label = "offices"
    default_auto_field = "django.db.models.BigAutoField"
