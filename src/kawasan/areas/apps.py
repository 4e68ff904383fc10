from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "kawasan.areas"
    label = "areas"
