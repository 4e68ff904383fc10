from django.urls import path

from kawasan.applicants import views

app_name = "applicants"
urlpatterns = [
    path("applicants/", views.applicants, name="applicants"),
    path("applicants/export/", views.export, name="export"),
    path("applicants/new/", views.new, name="new"),
    path("applicants/assess/", views.assess, name="assess"),
    path("applicants/trouble/", views.trouble, name="trouble"),
    path("applicants/doubles/", views.doubles, name="doubles"),
    path("applicants/doubles/seek/", views.seek, name="seek"),
    path("applicants/doubles/<int:number>/", views.pair, name="pair"),
    path("applicants/doubles/<int:number>/decide/", views.decide, name="decide"),
    path("applicants/doubles/<int:number>/reopen/", views.reopen, name="reopen"),
    path("applicants/doubles/<int:number>/reveal/", views.reveal_pair, name="reveal_pair"),
    path("applicants/a/<str:code>/", views.applicant, name="applicant"),
    path("applicants/a/<str:code>/correct/", views.correct, name="correct"),
    path("applicants/a/<str:code>/reveal/", views.reveal, name="reveal"),
]
