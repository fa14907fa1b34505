from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "groundwork.credentials"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.credentials import issuing
        from groundwork.events import outbox

        outbox.subscribe("step.reopened", issuing.on_step_reopened)
        outbox.subscribe("dispute.agreed", issuing.on_evidence_silenced)
        outbox.subscribe("evidence.withdrawn", issuing.on_evidence_silenced)
