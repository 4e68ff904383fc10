from django.urls import path

from kawasan.matching import board_views, expert_views, rematch_views, views, wish_views

app_name = "matching"
urlpatterns = [
    path("matching/", views.groups, name="groups"),
    path("matching/freeze/", views.freeze, name="freeze"),
    path("matching/form/<str:code>/", views.form_groups, name="form_groups"),
    path("matching/dissolve/", views.dissolve, name="dissolve"),
    path("matching/board/", board_views.board, name="board"),
    path("matching/board/<int:pk>/", board_views.move_member, name="move_member"),
    path("matching/board/take-back/<int:sequence>/", board_views.take_back, name="take_back_move"),
    path("matching/changes/", rematch_views.rematch, name="rematch"),
    path("matching/changes/mentors/<str:code>/", rematch_views.mentor_leaves, name="mentor_leaves"),
    path("matching/changes/fields/<str:code>/", rematch_views.rematch_people, name="rematch_people"),
    path("matching/certificates/<str:code>/", rematch_views.certificate, name="certificate"),
    path("matching/wishes/", wish_views.wishes, name="wishes"),
    path("matching/wishes/<str:code>/", wish_views.wishes_of, name="wishes_of"),
    path("matching/wishes/<str:code>/abilities/", wish_views.set_abilities, name="set_abilities"),
    path("matching/wishes/<str:code>/remove/<str:wish>/", wish_views.remove_wish, name="remove_wish"),
    path("matching/groups/<str:code>/", views.group, name="group"),
    path("matching/groups/<str:code>/officers/", views.officers, name="officers"),
    path("matching/groups/<str:code>/mentor/", views.assign_mentor, name="assign_mentor"),
    path("matching/groups/<str:code>/add/", views.add_member, name="add_member"),
    path("matching/members/<int:pk>/remove/", views.remove_member, name="remove_member"),
    path("matching/mentors/", views.mentors, name="mentors"),
    path("matching/mentors/add/", views.add_mentor, name="add_mentor"),
    path("matching/mentors/<str:code>/", views.mentor, name="mentor"),
    path("matching/mentors/<str:code>/change/", views.change_mentor, name="change_mentor"),
    path("matching/experts/", views.experts, name="experts"),
    path("matching/experts/add/", views.add_expert, name="add_expert"),
    path("matching/experts/loans/<int:pk>/cancel/", expert_views.cancel_loan, name="cancel_loan"),
    path("matching/experts/<str:code>/", expert_views.expert, name="expert"),
    path("matching/experts/<str:code>/lend/", expert_views.lend, name="lend_expert"),
    path("matching/experts/<str:code>/change/", views.change_expert, name="change_expert"),
]
