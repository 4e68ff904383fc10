from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "kawasan.matching"
    label = "matching"
