from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "kawasan.enterprises"
    label = "enterprises"
