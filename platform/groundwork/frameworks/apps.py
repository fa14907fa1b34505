from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "groundwork.frameworks"
    default_auto_field = "django.db.models.BigAutoField"
