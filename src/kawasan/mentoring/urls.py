from django.urls import path

from kawasan.mentoring import views

app_name = "mentoring"
urlpatterns = [
    path("mentoring/", views.visits, name="visits"),
    path("mentoring/groups/<str:code>/log/", views.log_visit, name="log_visit"),
    path("mentoring/visits/<str:code>/", views.visit, name="visit"),
    path("mentoring/visits/<str:code>/correct/", views.correct_visit, name="correct_visit"),
]
