from django.urls import path

from kawasan.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/rows/", views.rows, name="rows"),
    path("outcomes/rounds/plan/", views.plan_rounds, name="plan_rounds"),
    path("outcomes/rounds/<str:code>/", views.round_page, name="round"),
    path("outcomes/rounds/<str:code>/freeze/", views.freeze_round, name="freeze_round"),
    path("outcomes/rounds/<str:code>/measure/<str:applicant>/", views.measure, name="measure"),
]
