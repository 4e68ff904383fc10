from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "kawasan.exchange"
    label = "exchange"
