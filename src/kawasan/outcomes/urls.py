from django.urls import path

from kawasan.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/rows/", views.rows, name="rows"),
    path("outcomes/effect/", views.effect, name="effect"),
    path("outcomes/effect/plan/", views.register_plan, name="register_plan"),
    path("outcomes/effect/rows/", views.effect_rows, name="effect_rows"),
    path("outcomes/effect/<str:code>/estimate/", views.estimate, name="estimate"),
    path("outcomes/unemployment/", views.unemployment, name="unemployment"),
    path("outcomes/unemployment/add/", views.add_labour_force, name="add_labour_force"),
    path("outcomes/unemployment/<int:year>/remove/", views.remove_labour_force, name="remove_labour_force"),
    path("outcomes/rounds/plan/", views.plan_rounds, name="plan_rounds"),
    path("outcomes/rounds/<str:code>/", views.round_page, name="round"),
    path("outcomes/rounds/<str:code>/comparison/", views.comparison, name="comparison"),
    path("outcomes/rounds/<str:code>/freeze/", views.freeze_round, name="freeze_round"),
    path("outcomes/rounds/<str:code>/measure/<str:applicant>/", views.measure, name="measure"),
]
