"""Every address of the product begins here."""

from django.urls import URLPattern, URLResolver, include, path

from wardbook import csp_reports, health
from wardbook.correspondence.hooks import provider_mail

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("reports/csp/", csp_reports.csp_report, name="csp_report"),
    path("accounts/", include("allauth.urls")),
    path("hooks/mail/<slug:provider>/", provider_mail, name="provider_mail"),
    path("me/", include("wardbook.accounts.urls")),
    path("", include("wardbook.offices.urls")),
    # Last: what is no word of ours is the name of an office.
    path("<slug:office>/people/", include("wardbook.desk.people.urls")),
    path("<slug:office>/", include("wardbook.cases.urls")),
    path("<slug:office>/", include("wardbook.correspondence.urls")),
    path("<slug:office>/", include("wardbook.desk.urls")),
]

handler400 = "wardbook.trouble.bad_request"
handler403 = "wardbook.trouble.forbidden"
handler404 = "wardbook.trouble.not_found"
handler500 = "wardbook.trouble.server_error"
