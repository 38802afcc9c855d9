"""Addresses of the way in. What works inside an office belongs to the rooms above."""

from django.urls import include, path

from wardbook.offices import views

invitation_patterns = ([path("<str:token>/", views.invitation, name="invitation")], "offices")

urlpatterns = [
    path("", views.start, name="start"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
    path("invitations/", include(invitation_patterns)),
]
