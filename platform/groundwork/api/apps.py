from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "groundwork.api"

    def ready(self) -> None:
        from groundwork.api import schema  # noqa: F401  # registers the key with drf-spectacular
