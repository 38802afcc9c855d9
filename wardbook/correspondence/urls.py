"""Addresses of messages and their files. Under /<office>/."""

from django.urls import path

from wardbook.correspondence import views

app_name = "correspondence"

urlpatterns = [
    path("messages/<int:pk>/original/", views.original, name="original"),
    path("messages/<int:pk>/raw/", views.raw, name="raw"),
    path("messages/attachments/<int:pk>/", views.attachment, name="attachment"),
    path("messages/deliveries/<int:pk>/", views.delivery, name="delivery"),
]
