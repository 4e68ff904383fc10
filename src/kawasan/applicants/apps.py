from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "kawasan.applicants"
    label = "applicants"
