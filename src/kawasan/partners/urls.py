from django.urls import path

from kawasan.partners import views

app_name = "partners"
urlpatterns = [
    path("partners/", views.organisations, name="organisations"),
    path("partners/new/organisation/", views.add_organisation, name="add_organisation"),
    path("partners/new/commitment/", views.add_commitment, name="add_commitment"),
    path("partners/new/meeting/", views.add_meeting, name="add_meeting"),
    path("partners/organisations/<str:code>/", views.organisation, name="organisation"),
    path("partners/organisations/<str:code>/change/", views.change_organisation, name="change_organisation"),
    path("partners/commitments/", views.commitments, name="commitments"),
    path("partners/commitments/<str:code>/change/", views.change_commitment, name="change_commitment"),
    path("partners/commitments/<str:code>/delivery/", views.record_delivery, name="record_delivery"),
    path("partners/meetings/", views.meetings, name="meetings"),
    path("partners/meetings/<str:code>/", views.meeting, name="meeting"),
    path("partners/meetings/<str:code>/change/", views.change_meeting, name="change_meeting"),
    path("partners/meetings/<str:code>/minutes/", views.record_minutes, name="record_minutes"),
    path("partners/meetings/<str:code>/attendance/", views.record_attendance, name="record_attendance"),
    path("partners/attendance/<int:pk>/remove/", views.remove_attendance, name="remove_attendance"),
]
