from django.urls import path

from kawasan.training import views

app_name = "training"
urlpatterns = [
    path("training/", views.timetable, name="timetable"),
    path("training/calendar.ics", views.calendar, name="calendar"),
    path("training/freeze/", views.freeze, name="freeze"),
    path("training/make/<str:code>/", views.make_timetable, name="make_timetable"),
    path("training/clear/", views.clear, name="clear"),
    path("training/attendance/", views.attendance, name="attendance"),
    path("training/sessions/<str:code>/", views.session, name="session"),
    path("training/sessions/<str:code>/attendance/", views.record_attendance, name="record_attendance"),
    path("training/sessions/<str:code>/move/", views.reschedule, name="reschedule"),
    path("training/sessions/<str:code>/cancel/", views.cancel_session, name="cancel_session"),
    path("training/modules/", views.modules, name="modules"),
    path("training/modules/add/", views.add_module, name="add_module"),
    path("training/modules/<str:code>/change/", views.change_module, name="change_module"),
    path("training/rooms/", views.rooms, name="rooms"),
    path("training/rooms/add/", views.add_room, name="add_room"),
    path("training/rooms/<str:code>/change/", views.change_room, name="change_room"),
]
