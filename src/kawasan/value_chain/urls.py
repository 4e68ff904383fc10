from django.urls import path

from kawasan.value_chain import views

app_name = "value_chain"
urlpatterns = [
    path("value-chain/", views.chain, name="chain"),
    path("value-chain/plans/make/", views.make_plan, name="make_plan"),
    path("value-chain/plans/<str:code>/", views.plan, name="plan"),
    path("value-chain/plans/<str:code>/adopt/", views.adopt_plan, name="adopt_plan"),
    path("value-chain/activities/", views.activities, name="activities"),
    path("value-chain/activities/add/", views.add_activity, name="add_activity"),
    path("value-chain/activities/<str:code>/", views.activity, name="activity"),
    path("value-chain/activities/<str:code>/change/", views.change_activity, name="change_activity"),
    path("value-chain/activities/<str:code>/flows/add/", views.add_flow, name="add_flow"),
    path("value-chain/activities/<str:code>/flows/<int:pk>/", views.change_flow, name="change_flow"),
    path("value-chain/activities/<str:code>/flows/<int:pk>/remove/", views.remove_flow, name="remove_flow"),
    path("value-chain/activities/<str:code>/resources/add/", views.add_resource_use, name="add_resource_use"),
    path(
        "value-chain/activities/<str:code>/resources/<int:pk>/", views.change_resource_use, name="change_resource_use"
    ),
    path(
        "value-chain/activities/<str:code>/resources/<int:pk>/remove/",
        views.remove_resource_use,
        name="remove_resource_use",
    ),
    path("value-chain/commodities/", views.commodities, name="commodities"),
    path("value-chain/commodities/add/", views.add_commodity, name="add_commodity"),
    path("value-chain/commodities/<str:code>/", views.change_commodity, name="change_commodity"),
    path("value-chain/demands/", views.demands, name="demands"),
    path("value-chain/demands/add/", views.add_demand, name="add_demand"),
    path("value-chain/demands/<str:code>/", views.change_demand, name="change_demand"),
]
