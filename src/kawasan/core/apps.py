from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kawasan.core"
    label = "core"
