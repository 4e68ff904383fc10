from django.urls import path

from kawasan.mentoring import canvas_views, follow_up_views, problem_views, request_views, review_views, views

app_name = "mentoring"
urlpatterns = [
    path("mentoring/", views.visits, name="visits"),
    path("mentoring/logbook.pdf", views.logbook_pdf, name="logbook_pdf"),
    path("mentoring/groups/<str:code>/log/", views.log_visit, name="log_visit"),
    path("mentoring/visits/<str:code>/", views.visit, name="visit"),
    path("mentoring/visits/<str:code>/correct/", views.correct_visit, name="correct_visit"),
    path("mentoring/visits/<str:code>/confirm/", review_views.confirm_visit, name="confirm_visit"),
    path("mentoring/visits/<str:code>/photos/<int:photo>/", views.photo, name="photo"),
    path("mentoring/visits/<str:code>/photos/<int:photo>/small/", views.preview, name="preview"),
    path("mentoring/my-plan/", follow_up_views.own_plan, name="own_plan"),
    path("mentoring/requests/add/", request_views.ask_visit, name="ask_visit"),
    path("mentoring/requests/<str:code>/take-back/", request_views.take_back_request, name="take_back_request"),
    path("mentoring/requests/<str:code>/answer/", request_views.answer_request, name="answer_request"),
    path("mentoring/canvas/<slug:kind>/<str:code>/", canvas_views.canvas, name="canvas"),
    path("mentoring/canvas/<slug:kind>/<str:code>/pdf/", canvas_views.canvas_pdf, name="canvas_pdf"),
    path("mentoring/canvas/<slug:kind>/<str:code>/<slug:block>/", canvas_views.write_block, name="write_block"),
    path("mentoring/people/<str:code>/", follow_up_views.person, name="person"),
    path("mentoring/people/<str:code>/<str:kind>/add/", follow_up_views.agree, name="agree"),
    path("mentoring/people/<str:code>/<str:kind>/<int:number>/finish/", follow_up_views.finish, name="finish"),
    path("mentoring/problems/", problem_views.problems, name="problems"),
    path("mentoring/problems/add/", problem_views.note_problem, name="note_problem"),
    path("mentoring/problems/<int:number>/settle/", problem_views.settle_problem, name="settle_problem"),
    path("mentoring/review/", review_views.review, name="review"),
    path("mentoring/mentors/", review_views.mentors, name="mentors"),
]
