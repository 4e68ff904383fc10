from django.urls import path

from kawasan.training import attendance_views, views

app_name = "training"
urlpatterns = [
    path("training/", views.timetable, name="timetable"),
    path("training/calendar.ics", views.calendar, name="calendar"),
    path("training/freeze/", views.freeze, name="freeze"),
    path("training/make/<str:code>/", views.make_timetable, name="make_timetable"),
    path("training/clear/", views.clear, name="clear"),
    path("training/attendance/", attendance_views.attendance, name="attendance"),
    path("training/attendance/rule/", attendance_views.completion_rule, name="completion_rule"),
    path("training/participants/<str:code>/", attendance_views.participant, name="participant"),
    path("training/participants/<str:code>/card/revoke/", attendance_views.revoke_card, name="revoke_card"),
    path("training/groups/<str:code>/cards.pdf", attendance_views.cards, name="cards"),
    path("training/sheets/read/", attendance_views.read_sheet, name="read_sheet"),
    path("training/sheets/<str:number>/", attendance_views.check_sheet, name="check_sheet"),
    path("training/sheets/<str:number>/<int:page>/<int:place>.jpg", attendance_views.sheet_row, name="sheet_row"),
    path("training/sessions/<str:code>/scan/", attendance_views.scan, name="scan"),
    path("training/sessions/<str:code>/scanned/", attendance_views.scanned, name="scanned"),
    path("training/sessions/<str:code>/sheet.pdf", attendance_views.sheet, name="sheet"),
    path("training/sessions/<str:code>/make-up/<str:applicant>/", attendance_views.make_up, name="make_up"),
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
