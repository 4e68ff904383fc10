from django.urls import path

from kawasan.market import catalogue_views, delivery_views, order_views, sheet_views, views

app_name = "market"
urlpatterns = [
    path("market/", views.market, name="market"),
    path("market/supply/", views.supply, name="supply"),
    path("market/supply/compute/", views.compute_supply, name="compute_supply"),
    path("market/weeks/", views.weeks, name="weeks"),
    path("market/contracts/", views.contracts, name="contracts"),
    path("market/contracts/add/", views.add_contract, name="add_contract"),
    path("market/contracts/<str:code>/", views.contract, name="contract"),
    path("market/contracts/<str:code>/deliveries/add/", delivery_views.record_delivery, name="record_delivery"),
    path("market/contracts/<str:code>/orders/add/", order_views.add_contract_order, name="add_contract_order"),
    path("market/market.xlsx", sheet_views.market_xlsx, name="market_xlsx"),
    path("market/prices/", sheet_views.prices, name="prices"),
    path("market/prices/<str:code>/", sheet_views.price_history, name="price_history"),
    path("market/orders/", order_views.orders, name="orders"),
    path("market/orders/add/", order_views.add_order, name="add_order"),
    path("market/orders/<str:code>/", order_views.order, name="order"),
    path("market/orders/<str:code>/call-off/", order_views.cancel_order, name="cancel_order"),
    path("market/orders/<str:code>/propose/", order_views.propose, name="propose"),
    path("market/orders/<str:code>/parts/add/", order_views.add_part, name="add_part"),
    path("market/orders/<str:code>/parts/<str:part>/withdraw/", order_views.withdraw_part, name="withdraw_part"),
    path(
        "market/orders/<str:code>/deliveries/add/", delivery_views.record_order_delivery, name="record_order_delivery"
    ),
    path("market/parts/<str:code>/", order_views.answer_part, name="answer_part"),
    path("market/deliveries/", delivery_views.deliveries, name="deliveries"),
    path("market/deliveries/<str:code>/", delivery_views.delivery, name="delivery"),
    path("market/deliveries/<str:code>/correct/", delivery_views.correct_delivery, name="correct_delivery"),
    path("market/deliveries/<str:code>/<str:kind>/", delivery_views.say, name="say"),
    path("market/buyer/", delivery_views.buyer, name="buyer"),
    path("market/catalogue/", catalogue_views.products, name="catalogue"),
    path("market/catalogue/sheet/", catalogue_views.sheet, name="catalogue_sheet"),
    path("market/catalogue/<str:code>/", catalogue_views.product, name="product"),
    path("market/catalogue/<str:code>/photo.jpg", catalogue_views.product_photo, name="product_photo"),
    path("market/catalogue/<str:code>/hide/", catalogue_views.hide, name="hide"),
    path("market/mine/<str:code>/shown/", catalogue_views.showing, name="showing"),
    path("market/mine/products/<str:code>/", catalogue_views.describe, name="describe_product"),
    path("market/mine/", delivery_views.mine, name="mine"),
]
