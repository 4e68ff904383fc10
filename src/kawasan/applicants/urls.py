from django.urls import path

from kawasan.applicants import views

app_name = "applicants"
urlpatterns = [
    path("applicants/", views.applicants, name="applicants"),
    path("applicants/export/", views.export, name="export"),
    path("applicants/new/", views.new, name="new"),
    path("applicants/assess/", views.assess, name="assess"),
    path("applicants/a/<str:code>/", views.applicant, name="applicant"),
    path("applicants/a/<str:code>/correct/", views.correct, name="correct"),
    path("applicants/a/<str:code>/reveal/", views.reveal, name="reveal"),
]
