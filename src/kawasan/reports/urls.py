from django.urls import path

from kawasan.reports import performance_views, public_views, targeting_views, views

app_name = "reports"
urlpatterns = [
    path("", views.cockpit, name="cockpit"),
    path("me/", views.mine, name="my_page"),
    path("mentoring/today/", views.mentor_day, name="mentor_day"),
    path("mentoring/mentors/<str:code>/report/", performance_views.mentor_report, name="mentor_report"),
    path(
        "mentoring/mentors/<str:code>/report/freeze/",
        performance_views.freeze_mentor_report,
        name="freeze_mentor_report",
    ),
    path(
        "mentoring/mentors/<str:code>/report/file/<str:form>/",
        performance_views.mentor_report_file,
        name="mentor_report_file",
    ),
    path("my-application/", public_views.own_application, name="own_application"),
    path("my-application/leave/", public_views.leave_own_application, name="leave_own_application"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/person/", views.link_person, name="link_person"),
    path("accounts/person/<str:code>/unlink/", views.unlink_person, name="unlink_person"),
    path("accounts/organisation/", views.link_organisation, name="link_organisation"),
    path("accounts/organisation/<int:pk>/unlink/", views.unlink_organisation, name="unlink_organisation"),
    path("targeting/", targeting_views.targeting, name="targeting"),
    path("targeting/targeting.csv", targeting_views.targeting_csv, name="targeting_csv"),
    path("targeting/targeting.xlsx", targeting_views.targeting_xlsx, name="targeting_xlsx"),
    path("people/<str:code>/", views.case_file, name="case_file"),
    path("area/map/", views.map_page, name="map"),
    path("area/map/map.pdf", views.map_pdf, name="map_pdf"),
    path("area/map/<slug:layer>.geojson", views.map_geojson, name="map_geojson"),
    path("area/map/<slug:layer>.csv", views.map_csv, name="map_csv"),
    path("value-chain/plans/<str:code>/plan.pdf", views.chain_pdf, name="chain_pdf"),
    path("documents/", views.documents, name="documents"),
    path("documents/decree/<str:code>.pdf", views.decree_pdf, name="decree_pdf"),
    path("documents/minutes.pdf", views.minutes_pdf, name="minutes_pdf"),
    path("documents/verification/", views.verification_minutes, name="verification_minutes"),
    path("documents/announcement.pdf", views.announcement_pdf, name="announcement_pdf"),
    path("documents/announcement.csv", views.announcement_csv, name="announcement_csv"),
    path("documents/participants.pdf", views.participants_pdf, name="participants_pdf"),
    path("documents/participants.xlsx", views.participants_xlsx, name="participants_xlsx"),
    path("documents/log/", views.log_page, name="log"),
]
