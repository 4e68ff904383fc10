from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "kawasan.training"
    label = "training"
