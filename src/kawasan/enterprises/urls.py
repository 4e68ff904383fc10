from django.urls import path

from kawasan.enterprises import cash_views, views

app_name = "enterprises"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/add/", views.add_enterprise, name="add_enterprise"),
    path("enterprises/alive/", views.alive, name="alive"),
    path("enterprises/<str:code>/", views.enterprise, name="enterprise"),
    path("enterprises/<str:code>/change/", views.change_enterprise, name="change_enterprise"),
    path("enterprises/<str:code>/workers/add/", views.add_worker, name="add_worker"),
    path("enterprises/<str:code>/workers/<str:worker>/end/", views.end_worker, name="end_worker"),
    path("enterprises/<str:code>/members/add/", views.add_members, name="add_members"),
    path("enterprises/<str:code>/members/<str:member>/role/", views.change_role, name="change_role"),
    path("enterprises/<str:code>/members/<str:member>/end/", views.end_member, name="end_member"),
    path("enterprises/<str:code>/capacity/", views.report_capacity, name="report_capacity"),
    path("enterprises/<str:code>/assets/add/", views.add_asset, name="add_asset"),
    path("enterprises/<str:code>/assets/<str:asset>/", views.see_asset, name="see_asset"),
    path("enterprises/<str:code>/seen/", views.add_sighting, name="add_sighting"),
    path("enterprises/<str:code>/result/", cash_views.result, name="result"),
    path("enterprises/<str:code>/cash-book/", cash_views.cash_book, name="cash_book"),
    path("enterprises/<str:code>/cash-book/add/", cash_views.add_entry, name="add_entry"),
    path("enterprises/<str:code>/cash-book/several/", cash_views.several, name="several"),
    path("enterprises/<str:code>/cash-book/sheet.pdf", cash_views.cash_sheet, name="cash_sheet"),
    path("enterprises/<str:code>/cash-book/<str:entry>/take-back/", cash_views.reverse_entry, name="reverse_entry"),
    path("enterprises/<str:code>/cash-book/<str:entry>/note/", cash_views.note_photo, name="note_photo"),
    path("enterprises/<str:code>/products/add/", cash_views.add_product, name="add_product"),
    path("enterprises/<str:code>/products/<str:product>/", cash_views.change_product, name="change_product"),
    path("enterprises/<str:code>/stock/", cash_views.stock, name="stock"),
    path("enterprises/<str:code>/debts/add/", cash_views.add_debt, name="add_debt"),
    path("enterprises/<str:code>/debts/<str:debt>/pay/", cash_views.pay_debt, name="pay_debt"),
    path("enterprises/<str:code>/debts/<str:debt>/give-up/", cash_views.forgive_debt, name="forgive_debt"),
]
