"""Addresses of one case, its entries and its files. Under /<office>/."""

from django.urls import path

from wardbook.cases.views import activities, closing, details, documents, entries, links, people, places, working

app_name = "cases"

urlpatterns = [
    path("cases/bin/", closing.bin, name="bin"),
    path("cases/tags/", details.tag_options, name="tag_options"),
    path("cases/people/", people.people_options, name="people_options"),
    path("cases/<int:number>/details/<slug:name>/", details.detail, name="detail"),
    path("cases/<int:number>/status/", details.detail, {"name": "status"}, name="status"),
    path("cases/<int:number>/priority/", details.detail, {"name": "priority"}, name="priority"),
    path("cases/<int:number>/assignment/", details.detail, {"name": "assignment"}, name="assignment"),
    path("cases/<int:number>/tags/", details.detail, {"name": "tags"}, name="tags"),
    path("cases/<int:number>/waiting/", details.detail, {"name": "waiting"}, name="waiting"),
    path("cases/<int:number>/deadline/", details.detail, {"name": "deadline"}, name="deadline"),
    path("cases/<int:number>/claim/", people.claim, name="claim"),
    path("cases/<int:number>/closure/", closing.closure, name="closure"),
    path("cases/<int:number>/reopening/", closing.reopening, name="reopening"),
    path("cases/<int:number>/deletion/", closing.deletion, name="deletion"),
    path("cases/<int:number>/restoration/", closing.restoration, name="restoration"),
    path("cases/<int:number>/restriction/", people.restriction, name="restriction"),
    path("cases/<int:number>/restricting/", people.restricting, name="restricting"),
    path("cases/<int:number>/restriction/<int:pk>/end/", people.access_end, name="access_end"),
    path("cases/<int:number>/parties/", people.parties, name="parties"),
    path("cases/<int:number>/parties/<int:pk>/end/", people.party_end, name="party_end"),
    path("cases/<int:number>/places/", places.places, name="places"),
    path("cases/<int:number>/places/<int:pk>/removal/", places.place_removal, name="place_removal"),
    path("cases/<int:number>/links/", links.links, name="links"),
    path("cases/<int:number>/links/<int:pk>/removal/", links.link_removal, name="link_removal"),
    path("cases/<int:number>/notes/", entries.add, {"kind": "note"}, name="notes"),
    path("cases/<int:number>/mentions/", people.mentions, name="mentions"),
    path("cases/<int:number>/notes/<int:pk>/", activities.note, name="note"),
    path("cases/<int:number>/case-notes/", entries.add, {"kind": "case-note"}, name="case_notes"),
    path("cases/<int:number>/calls/", entries.add, {"kind": "call"}, name="calls"),
    path("cases/<int:number>/letters/", entries.add, {"kind": "letter"}, name="letters"),
    path("cases/<int:number>/activities/", entries.add, {"kind": "other"}, name="entries"),
    path("cases/<int:number>/follow-up/", entries.add, {"kind": "task"}, name="follow_up"),
    path("cases/<int:number>/presence/", working.presence, name="presence"),
    path("activities/filing/", activities.filing, name="filing"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/cancellation/", activities.cancellation, name="cancellation"),
    path("entries/<slug:kind>/<int:pk>/files/", documents.adding, name="add_files"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/removal/", documents.removal, name="document_removal"),
    path("drafts/<slug:scope>/", working.draft, name="draft"),
]
