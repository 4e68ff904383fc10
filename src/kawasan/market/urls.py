from django.urls import path

from kawasan.market import views

app_name = "market"
urlpatterns = [
    path("market/", views.market, name="market"),
    path("market/supply/", views.supply, name="supply"),
    path("market/supply/compute/", views.compute_supply, name="compute_supply"),
    path("market/contracts/", views.contracts, name="contracts"),
    path("market/contracts/add/", views.add_contract, name="add_contract"),
    path("market/contracts/<str:code>/", views.contract, name="contract"),
    path("market/contracts/<str:code>/deliveries/add/", views.record_delivery, name="record_delivery"),
    path("market/contracts/<str:code>/deliveries/<str:delivery>/judge/", views.judge_delivery, name="judge_delivery"),
    path("market/contracts/<str:code>/deliveries/<str:delivery>/pay/", views.record_payment, name="record_payment"),
]
