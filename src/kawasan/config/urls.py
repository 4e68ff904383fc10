"""Every address: the house's own, then one prefix a stage."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from kawasan.config import views
from kawasan.selection.views import check_draw, public_certificate, public_draws

STAGES = (
    "programmes",
    "partners",
    "areas",
    "value_chain",
    "applicants",
    "selection",
    "matching",
    "training",
    "mentoring",
    "assistance",
    "enterprises",
    "market",
    "outcomes",
    "reports",
    "exchange",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("offline.js", views.offline_worker, name="offline_worker"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", views.change_password, name="change_password"),
    path("check-a-draw/", check_draw, name="check_draw"),
    path("draws/", public_draws, name="public_draws"),
    path("draws/<slug:programme>/<str:code>.json", public_certificate, name="public_certificate"),
    path("language/", set_language, name="set_language"),
    *(path("p/<slug:programme>/", include(f"kawasan.{stage}.urls")) for stage in STAGES),
]
handler400 = "kawasan.config.views.bad_request"
handler403 = "kawasan.config.views.forbidden"
handler404 = "kawasan.config.views.not_found"
handler500 = "kawasan.config.views.broken"
