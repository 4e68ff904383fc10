from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "kawasan.market"
    label = "market"
