"""Addresses under /me/."""

from django.urls import path

from wardbook.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("appearance/", views.appearance, name="appearance"),
    path("second-step/", views.second_step, name="second_step"),
]
