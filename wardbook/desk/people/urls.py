"""Addresses of people and organisations. Under /<office>/people/."""

from django.urls import path

from wardbook.desk.people import calls, editing, listing, notes, options, page

app_name = "contacts"

urlpatterns = [
    path("", listing.listing, name="list"),
    path("filter/", listing.narrowing, name="filter"),
    path("new/", editing.new, name="new"),
    path("options/", options.options, name="options"),
    path("<int:pk>/", page.contact, name="contact"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/flags/", editing.flags, name="flags"),
    path("<int:pk>/language/", editing.language, name="language"),
    path("<int:pk>/deletion/", editing.deletion, name="deletion"),
    path("<int:pk>/log/", calls.log, name="log"),
    path("<int:pk>/notes/", notes.notes, name="notes"),
    path("<int:pk>/notes/<int:note>/case/", notes.note_case, name="note_case"),
]
