"""Addresses of messages and their files. Under /<office>/."""

from django.urls import path

from wardbook.correspondence.views import emails, letters, messages, signing, words

app_name = "correspondence"

urlpatterns = [
    path("cases/<int:number>/emails/", emails.from_case, name="emails"),
    path("people/<int:pk>/emails/", emails.to_contact, name="contact_emails"),
    path("cases/<int:number>/letters/new/", letters.from_case, name="write_letter"),
    path("people/<int:pk>/letters/new/", letters.to_contact, name="contact_letters"),
    path("letters/signing/", signing.signing, name="signing"),
    path("letters/printing/", signing.printing, name="printing"),
    path("letters/printing/pdf/", signing.printing_pdf, name="printing_pdf"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/pdf/", letters.pdf, name="letter_pdf"),
    path("letters/<int:pk>/return/", signing.send_back, name="letter_return"),
    path("letters/<int:pk>/withdrawal/", letters.stop, name="letter_withdrawal"),
    path("templates/<int:pk>/text/", words.template_text, name="template_text"),
    path("messages/<int:pk>/stopping/", emails.stop, name="stopping"),
    path("messages/<int:pk>/retry/", emails.again, name="retry"),
    path("messages/<int:pk>/original/", messages.original, name="original"),
    path("messages/<int:pk>/pictures/", messages.pictures_shown, name="pictures"),
    path("messages/attachments/<int:pk>/pages/", messages.pages, name="pages"),
    path("messages/<int:pk>/raw/", messages.raw, name="raw"),
    path("messages/attachments/<int:pk>/", messages.attachment, name="attachment"),
    path("messages/deliveries/<int:pk>/", messages.delivery, name="delivery"),
]
