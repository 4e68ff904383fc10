from django.urls import path

from kawasan.exchange import intake_views, views

app_name = "exchange"
urlpatterns = [
    path("spreadsheets/", views.spreadsheets, name="spreadsheets"),
    path("spreadsheets/<slug:table>/", views.spreadsheet, name="spreadsheet"),
    path("spreadsheets/<slug:table>/template.xlsx", views.template, name="template"),
    path("spreadsheets/<slug:table>/rows.xlsx", views.rows, name="rows"),
    path("spreadsheets/<slug:table>/<int:pk>/", views.preview, name="preview"),
    path("spreadsheets/<slug:table>/<int:pk>/discard/", views.discard, name="discard"),
    path("applicant-imports/", intake_views.intakes, name="intakes"),
    path("applicant-imports/template.xlsx", intake_views.intake_template, name="intake_template"),
    path("applicant-imports/<int:pk>/", intake_views.intake, name="intake"),
    path("applicant-imports/<int:pk>/columns/", intake_views.map_intake, name="map_intake"),
    path("applicant-imports/<int:pk>/store/", intake_views.store_intake, name="store_intake"),
    path("applicant-imports/<int:pk>/undo/", intake_views.undo_intake, name="undo_intake"),
    path("applicant-imports/<int:pk>/discard/", intake_views.discard_intake, name="discard_intake"),
    path("applicant-imports/<int:pk>/faulty.xlsx", intake_views.faulty_rows, name="faulty_rows"),
]
