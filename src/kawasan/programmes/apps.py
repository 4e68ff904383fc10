from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "kawasan.programmes"
    label = "programmes"
