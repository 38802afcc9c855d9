"""Addresses of undo. Under /<office>/undo/."""

from django.urls import path

from wardbook.journal import views

app_name = "journal"

urlpatterns = [
    path("", views.recent, name="recent"),
    path("<int:pk>/", views.undo, name="undo"),
]
