from django.urls import path

from kawasan.mentoring import follow_up_views, problem_views, review_views, views

app_name = "mentoring"
urlpatterns = [
    path("mentoring/", views.visits, name="visits"),
    path("mentoring/groups/<str:code>/log/", views.log_visit, name="log_visit"),
    path("mentoring/visits/<str:code>/", views.visit, name="visit"),
    path("mentoring/visits/<str:code>/correct/", views.correct_visit, name="correct_visit"),
    path("mentoring/visits/<str:code>/confirm/", review_views.confirm_visit, name="confirm_visit"),
    path("mentoring/visits/<str:code>/photos/<int:photo>/", views.photo, name="photo"),
    path("mentoring/visits/<str:code>/photos/<int:photo>/small/", views.preview, name="preview"),
    path("mentoring/my-plan/", follow_up_views.own_plan, name="own_plan"),
    path("mentoring/people/<str:code>/", follow_up_views.person, name="person"),
    path("mentoring/people/<str:code>/<str:kind>/add/", follow_up_views.agree, name="agree"),
    path("mentoring/people/<str:code>/<str:kind>/<int:number>/finish/", follow_up_views.finish, name="finish"),
    path("mentoring/problems/", problem_views.problems, name="problems"),
    path("mentoring/problems/add/", problem_views.note_problem, name="note_problem"),
    path("mentoring/problems/<int:number>/settle/", problem_views.settle_problem, name="settle_problem"),
    path("mentoring/review/", review_views.review, name="review"),
    path("mentoring/mentors/", review_views.mentors, name="mentors"),
]
