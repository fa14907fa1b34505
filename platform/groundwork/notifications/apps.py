from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "groundwork.notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.events import outbox
        from groundwork.notifications import following

        for kind, handler in {
            "assignment.made": following.on_assigned,
            "dispute.upheld": following.on_settled,
            "dispute.agreed": following.on_settled,
            "credential.issued": following.on_issued,
            "planning-job.finished": following.on_job_finished,
            "membership.joined": following.on_joined,
        }.items():
            # Who assigns a role to a team of hundreds need not wait until all of them are told.
            outbox.subscribe(kind, handler, at_once=False)
