from django.urls import path

from kawasan.enterprises import views

app_name = "enterprises"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/add/", views.add_enterprise, name="add_enterprise"),
    path("enterprises/<str:code>/", views.enterprise, name="enterprise"),
    path("enterprises/<str:code>/change/", views.change_enterprise, name="change_enterprise"),
    path("enterprises/<str:code>/workers/add/", views.add_worker, name="add_worker"),
    path("enterprises/<str:code>/workers/<str:worker>/end/", views.end_worker, name="end_worker"),
    path("enterprises/<str:code>/cash-book/", views.cash_book, name="cash_book"),
    path("enterprises/<str:code>/cash-book/add/", views.add_entry, name="add_entry"),
    path("enterprises/<str:code>/cash-book/<str:entry>/take-back/", views.reverse_entry, name="reverse_entry"),
]
