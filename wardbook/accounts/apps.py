from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wardbook.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wardbook.accounts import reactions

        reactions.connect()
