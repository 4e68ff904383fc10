from django.urls import path

from kawasan.programmes import job_views, views

app_name = "programmes"
urlpatterns = [
    path("programme/", views.programme_page, name="programme"),
    path("programme/calendar/<str:code>/", views.milestone, name="milestone"),
    path("programme/roles/", views.roles, name="roles"),
    path("programme/roles/<int:pk>/take/", views.take_role, name="take_role"),
    path("programme/roles/<int:pk>/let-in/", views.let_in, name="let_in"),
    path("programme/keys/", views.keys, name="keys"),
    path("programme/keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
    path("jobs/", job_views.jobs, name="jobs"),
    path("jobs/<int:pk>/", job_views.job, name="job"),
    path("jobs/<int:pk>/cancel/", job_views.cancel_job, name="cancel_job"),
]
