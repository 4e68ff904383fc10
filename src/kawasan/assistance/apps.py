from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "kawasan.assistance"
    label = "assistance"
