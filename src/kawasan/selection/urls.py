from django.urls import path

from kawasan.selection import views

app_name = "selection"
urlpatterns = [
    path("selection/", views.selection, name="selection"),
    path("selection/quotas/", views.quotas, name="quotas"),
    path("selection/freeze/", views.freeze, name="freeze"),
    path("selection/rehearsal/", views.rehearsal, name="rehearsal"),
    path("selection/draws/<str:code>/value/", views.enter_value, name="enter_value"),
    path("selection/draws/<str:code>/value/take-back/", views.take_value_back, name="take_value_back"),
    path("selection/draws/<str:code>/draw/", views.draw, name="draw"),
    path("selection/draws/<str:code>/cancel/", views.cancel, name="cancel"),
    path("selection/exceptions/", views.exceptions, name="exceptions"),
    path("selection/exceptions/add/", views.add_exception, name="add_exception"),
    path("selection/exceptions/<int:pk>/confirm/", views.confirm_exception, name="confirm_exception"),
    path("selection/exceptions/<int:pk>/doubt/", views.doubt_exception, name="doubt_exception"),
    path("selection/exceptions/<int:pk>/remove/", views.remove_exception, name="remove_exception"),
    path("selection/pool/", views.pool, name="pool"),
    path("selection/draw.json", views.draw_json, name="draw_json"),
    path("selection/announcement/", views.announcement, name="announcement"),
    path("selection/seats/", views.seats, name="seats"),
    path("selection/seats/call-reserve/", views.call_reserve, name="call_reserve"),
    path("selection/seats/<int:pk>/accept/", views.accept, name="accept"),
    path("selection/seats/<int:pk>/decline/", views.decline, name="decline"),
    path("selection/a/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("selection/decree/", views.decree, name="decree"),
    path("selection/decree/draft/", views.draft, name="draft"),
    path("selection/decree/<str:code>/sign/", views.sign, name="sign"),
]
