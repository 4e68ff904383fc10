from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "kawasan.selection"
    label = "selection"
