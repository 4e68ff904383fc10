from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kawasan.core"
    label = "core"

    def ready(self) -> None:
        from kawasan.core import lookups  # noqa: F401 - known to the models' fields from here on
