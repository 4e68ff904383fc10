from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "kawasan.mentoring"
    label = "mentoring"
