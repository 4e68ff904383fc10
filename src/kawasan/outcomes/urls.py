import datetime

from django.urls import path, register_converter

from kawasan.outcomes import reporting_views, views


class DayConverter:
    """A day as in 2023-02-15."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)  # ValueError: no such address

    def to_url(self, value: datetime.date) -> str:
        return str(value)


register_converter(DayConverter, "day")

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/rows/", views.rows, name="rows"),
    path("outcomes/effect/", views.effect, name="effect"),
    path("outcomes/effect/plan/", views.register_plan, name="register_plan"),
    path("outcomes/effect/rows/", views.effect_rows, name="effect_rows"),
    path("outcomes/effect/<str:code>/estimate/", views.estimate, name="estimate"),
    path("outcomes/reports/", reporting_views.reporting_dates, name="reporting_dates"),
    path("outcomes/reports/freeze/", reporting_views.freeze_reporting_date, name="freeze_reporting_date"),
    path("outcomes/reports/compare/", reporting_views.compare, name="compare"),
    path("outcomes/reports/<day:day>/", reporting_views.reporting_date, name="reporting_date"),
    path("outcomes/reports/<day:day>/rows/", reporting_views.reported_rows, name="reported_rows"),
    path("outcomes/reports/<day:day>/csv/", reporting_views.reporting_date_csv, name="reporting_date_csv"),
    path("outcomes/reports/<day:day>/xlsx/", reporting_views.reporting_date_xlsx, name="reporting_date_xlsx"),
    path("outcomes/sustainability/", views.sustainability, name="sustainability"),
    path("outcomes/unemployment/", views.unemployment, name="unemployment"),
    path("outcomes/unemployment/add/", views.add_labour_force, name="add_labour_force"),
    path("outcomes/unemployment/<int:year>/remove/", views.remove_labour_force, name="remove_labour_force"),
    path("outcomes/rounds/plan/", views.plan_rounds, name="plan_rounds"),
    path("outcomes/rounds/<str:code>/", views.round_page, name="round"),
    path("outcomes/rounds/<str:code>/comparison/", views.comparison, name="comparison"),
    path("outcomes/rounds/<str:code>/freeze/", views.freeze_round, name="freeze_round"),
    path("outcomes/rounds/<str:code>/measure/<str:applicant>/", views.measure, name="measure"),
]
