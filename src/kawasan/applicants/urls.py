from django.urls import path

from kawasan.applicants import objection_views, paper_views, public_views, views

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
    path("applicants/a/<str:code>/receipt/", public_views.office_receipt, name="office_receipt"),
    path("applicants/public-form/", public_views.public_form, name="public_form"),
    path("applicants/a/<str:code>/papers/<slug:kind>/", paper_views.paper, name="paper"),
    path("applicants/a/<str:code>/papers/<slug:kind>/add/", paper_views.office_paper, name="office_paper"),
    path("my-application/papers/<slug:kind>/", paper_views.own_paper, name="own_paper"),
    path("applicants/objections/", objection_views.objections, name="objections"),
    path("applicants/objections/<int:number>/", objection_views.objection, name="objection"),
    path("my-application/receipt/", public_views.own_receipt, name="own_receipt"),
    path("my-application/object/", objection_views.object_to_assessment, name="object"),
    path("apply/", public_views.apply, name="apply"),
    path("apply/go-on/", public_views.resume, name="resume"),
    path("apply/leave/", public_views.leave, name="leave"),
    path("apply/check/", public_views.check, name="check"),
    path("apply/receipt/", public_views.receipt, name="receipt"),
    path("apply/page/<slug:step>/", public_views.step, name="step"),
]
