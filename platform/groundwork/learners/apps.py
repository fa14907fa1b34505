from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "groundwork.learners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.events import outbox
        from groundwork.learners import following

        outbox.subscribe("account.changed", following.on_account_changed)
        outbox.subscribe("membership.joined", following.on_membership_changed)
        outbox.subscribe("membership.left", following.on_membership_changed)
