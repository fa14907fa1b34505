from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "groundwork.privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.events import outbox
        from groundwork.privacy import following

        outbox.subscribe("erasure.requested", following.on_requested)
