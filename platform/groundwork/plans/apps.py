from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "groundwork.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.events import outbox
        from groundwork.plans import assigning, jobs

        outbox.subscribe("learner.moved", assigning.on_learner_moved)
        outbox.subscribe("planning-job.requested", jobs.on_requested)
