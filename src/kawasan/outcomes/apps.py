from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "kawasan.outcomes"
    label = "outcomes"
