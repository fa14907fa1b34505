from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "groundwork.assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groundwork.assessments import following
        from groundwork.events import outbox

        outbox.subscribe("framework.imported", following.on_framework_imported)
