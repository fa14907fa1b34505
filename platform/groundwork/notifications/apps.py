from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "groundwork.notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.events import outbox
        from groundwork.notifications import following

        outbox.subscribe("assignment.made", following.on_assigned)
        outbox.subscribe("dispute.upheld", following.on_settled)
        outbox.subscribe("dispute.agreed", following.on_settled)
        outbox.subscribe("credential.issued", following.on_issued)
        outbox.subscribe("planning-job.finished", following.on_job_finished)
        outbox.subscribe("membership.joined", following.on_joined)
