from django.urls import path

from kawasan.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.cockpit, name="cockpit"),
    path("people/<str:code>/", views.case_file, name="case_file"),
    path("documents/", views.documents, name="documents"),
    path("documents/decree/<str:code>.pdf", views.decree_pdf, name="decree_pdf"),
    path("documents/participants.pdf", views.participants_pdf, name="participants_pdf"),
    path("documents/participants.xlsx", views.participants_xlsx, name="participants_xlsx"),
    path("documents/log/", views.log_page, name="log"),
]
