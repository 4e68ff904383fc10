from django.urls import URLPattern, path

from kawasan.value_chain import views

app_name = "value_chain"


def rows(kind: str, one: str) -> list[URLPattern]:
    """The list of a kind of rows, and how one of them is added, changed and removed."""
    at, given = f"value-chain/{kind.replace('_', '-')}/", {"kind": kind}
    return [
        path(at, views.rows, given, name=kind),
        path(f"{at}add/", views.add_row, given, name=f"add_{one}"),
        path(f"{at}<int:pk>/", views.change_row, given, name=f"change_{one}"),
        path(f"{at}<int:pk>/remove/", views.remove_row, given, name=f"remove_{one}"),
    ]


def parts(at: str, kind: str, one: str) -> list[URLPattern]:
    """How a part of a recipe is added, changed and removed."""
    at, given = f"value-chain/activities/<str:code>/{at}/", {"kind": kind}
    return [
        path(f"{at}add/", views.add_part, given, name=f"add_{one}"),
        path(f"{at}<int:pk>/", views.change_part, given, name=f"change_{one}"),
        path(f"{at}<int:pk>/remove/", views.remove_part, given, name=f"remove_{one}"),
    ]


urlpatterns = [
    path("value-chain/", views.chain, name="chain"),
    path("value-chain/plans/make/", views.make_plan, name="make_plan"),
    path("value-chain/plans/<str:code>/", views.plan, name="plan"),
    path("value-chain/plans/<str:code>/adopt/", views.adopt_plan, name="adopt_plan"),
    path("value-chain/plans-side-by-side/", views.compare_plans, name="compare_plans"),
    path("value-chain/new-plan/", views.new_plan, name="new_plan"),
    path("value-chain/plans/<str:code>/compare/", views.compare_plan, name="compare_plan"),
    path("value-chain/plans/<str:code>/robust/", views.find_robust_plan, name="find_robust_plan"),
    path("value-chain/activities/", views.activities, name="activities"),
    path("value-chain/activities/add/", views.add_activity, name="add_activity"),
    path("value-chain/activities/<str:code>/", views.activity, name="activity"),
    path("value-chain/activities/<str:code>/change/", views.change_activity, name="change_activity"),
    path("value-chain/activities/<str:code>/remove/", views.remove_activity, name="remove_activity"),
    *parts("flows", "flows", "flow"),
    *parts("resources", "resource_uses", "resource_use"),
    *parts("seasons", "seasons", "season"),
    *parts("places", "places", "place"),
    *parts("skills", "skills", "skill"),
    path("value-chain/commodities/", views.commodities, name="commodities"),
    path("value-chain/commodities/add/", views.add_commodity, name="add_commodity"),
    path("value-chain/commodities/<str:code>/", views.commodity, name="commodity"),
    path("value-chain/commodities/<str:code>/change/", views.change_commodity, name="change_commodity"),
    path("value-chain/commodities/<str:code>/remove/", views.remove_commodity, name="remove_commodity"),
    path("value-chain/commodities/<str:code>/prices/add/", views.add_price, name="add_price"),
    path("value-chain/commodities/<str:code>/prices/<int:pk>/", views.change_price, name="change_price"),
    path("value-chain/commodities/<str:code>/prices/<int:pk>/remove/", views.remove_price, name="remove_price"),
    path("value-chain/demands/", views.demands, name="demands"),
    path("value-chain/demands/add/", views.add_demand, name="add_demand"),
    path("value-chain/demands/<str:code>/", views.change_demand, name="change_demand"),
    path("value-chain/demands/<str:code>/remove/", views.remove_demand, name="remove_demand"),
    *rows("suppliers", "supplier"),
    *rows("existing_enterprises", "existing_enterprise"),
    *rows("local_markets", "local_market"),
    *rows("storages", "storage"),
    *rows("kbli_codes", "kbli_code"),
]
