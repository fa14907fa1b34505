from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "groundwork.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.accounts import watching

        watching.listen()
