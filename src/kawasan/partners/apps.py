from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "kawasan.partners"
    label = "partners"
