"""Addresses of Quick log. Under /<office>/cases/new/."""

from django.urls import path

from wardbook.desk.quick_log import views

urlpatterns = [
    path("cases/new/", views.new_case, name="new_case"),
    path("cases/new/about/", views.about, name="new_case_about"),
    path("cases/new/suggestions/", views.suggestions, name="new_case_suggestions"),
    path("cases/new/newcomer/", views.newcomer, name="new_case_newcomer"),
]
