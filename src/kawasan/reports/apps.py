from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kawasan.reports"
    label = "reports"
