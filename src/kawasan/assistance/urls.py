from django.urls import path

from kawasan.assistance import bank_views, own_views, views

app_name = "assistance"
urlpatterns = [
    path("assistance/", views.assistances, name="assistances"),
    path("assistance/assistance.xlsx", views.assistances_xlsx, name="assistances_xlsx"),
    path("assistance/begin/", views.begin, name="begin"),
    path("assistance/entitlements/", views.entitlements, name="entitlements"),
    path("assistance/entitlements/add/", views.add_entitlement, name="add_entitlement"),
    path("assistance/warnings/", views.warnings, name="warnings"),
    path("assistance/mine/", own_views.own, name="own"),
    path("assistance/received/", own_views.by_code, name="by_code"),
    path("assistance/bank/", bank_views.statements, name="statements"),
    path("assistance/bank/<int:number>/", bank_views.statement, name="statement"),
    path("assistance/bank/<int:number>/take-back/", bank_views.take_back, name="take_statement_back"),
    path("assistance/bank/differences/<int:number>/", bank_views.close, name="close_difference"),
    path("assistance/bank/differences/<int:number>/reopen/", bank_views.reopen, name="reopen_difference"),
    path("assistance/papers/<str:step>/", views.step_paper, name="step_paper"),
    path("assistance/receipts/<str:receipt>/", views.receipt_paper, name="receipt_paper"),
    path("assistance/a/<str:code>/", views.assistance, name="assistance"),
    path("assistance/a/<str:code>/trace/", views.trace, name="trace"),
    path("assistance/a/<str:code>/reveal/", views.reveal, name="reveal"),
    path("assistance/a/<str:code>/code/", views.issue_code, name="issue_code"),
    path("assistance/a/<str:code>/witness/", views.witness, name="witness"),
    path("assistance/a/<str:code>/in-hand/", own_views.confirm, name="confirm"),
    path("assistance/a/<str:code>/receipts/add/", views.buy, name="buy"),
    path(
        "assistance/a/<str:code>/receipts/<str:receipt>/take-back/", views.take_purchase_back, name="take_receipt_back"
    ),
    path("assistance/a/<str:code>/steps/<str:step>/take-back/", views.take_back, name="take_back"),
    path("assistance/a/<str:code>/<str:kind>/", views.record, name="record"),
]
