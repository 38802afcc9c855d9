"""Addresses of the way in. What works inside an office belongs to the rooms above."""

from django.urls import include, path

from wardbook.offices import views

invitation_patterns = (
    [
        path("<str:token>/", views.invitation, name="invitation"),
        # A link without its secret is an invitation that is not there, and not an office of that name.
        path("", views.invitation, {"token": ""}, name="invitation"),
    ],
    "offices",
)

urlpatterns = [
    path("", views.start, name="start"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
    path("invitations/", include(invitation_patterns)),
]
