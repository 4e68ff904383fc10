from django.urls import path

from kawasan.exchange import views

app_name = "exchange"
urlpatterns = [
    path("spreadsheets/", views.spreadsheets, name="spreadsheets"),
    path("spreadsheets/<slug:table>/", views.spreadsheet, name="spreadsheet"),
    path("spreadsheets/<slug:table>/template.xlsx", views.template, name="template"),
    path("spreadsheets/<slug:table>/rows.xlsx", views.rows, name="rows"),
    path("spreadsheets/<slug:table>/<int:pk>/", views.preview, name="preview"),
    path("spreadsheets/<slug:table>/<int:pk>/discard/", views.discard, name="discard"),
]
