"""Addresses of messages and their files. Under /<office>/."""

from django.urls import path

from wardbook.correspondence.views import emails, messages

app_name = "correspondence"

urlpatterns = [
    path("cases/<int:number>/emails/", emails.from_case, name="emails"),
    path("people/<int:pk>/emails/", emails.to_contact, name="contact_emails"),
    path("templates/<int:pk>/text/", emails.template_text, name="template_text"),
    path("messages/<int:pk>/stopping/", emails.stop, name="stopping"),
    path("messages/<int:pk>/retry/", emails.again, name="retry"),
    path("messages/<int:pk>/original/", messages.original, name="original"),
    path("messages/<int:pk>/raw/", messages.raw, name="raw"),
    path("messages/attachments/<int:pk>/", messages.attachment, name="attachment"),
    path("messages/deliveries/<int:pk>/", messages.delivery, name="delivery"),
]
