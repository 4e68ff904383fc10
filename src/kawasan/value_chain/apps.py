from django.apps import AppConfig


class ValueChainConfig(AppConfig):
    name = "kawasan.value_chain"
    label = "value_chain"
