"""Addresses of the Inbox. Under /<office>/."""

from django.urls import path

from wardbook.desk.inbox import by_hand, decisions, forwarding, unread, views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/count/", views.waiting, name="inbox_count"),
    path("inbox/new/", by_hand.log, name="inbox_log"),
    path("inbox/scans/", by_hand.scans, name="inbox_scans"),
    path("inbox/<int:pk>/cut/", by_hand.cut, name="inbox_cut"),
    path("inbox/<int:pk>/details/", by_hand.details, name="inbox_details"),
    path("inbox/<int:pk>/", views.item, name="inbox_item"),
    path("inbox/<int:pk>/presence/", views.presence, name="inbox_presence"),
    path("inbox/<int:pk>/filing/", decisions.file, name="inbox_filing"),
    path("inbox/<int:pk>/case/", decisions.new_case, name="inbox_case"),
    path("inbox/<int:pk>/split/", decisions.split, name="inbox_split"),
    path("inbox/<int:pk>/dismissal/", decisions.dismiss, name="inbox_dismissal"),
    path("inbox/<int:pk>/forwarding/", forwarding.forward, name="inbox_forwarding"),
    path("inbox/<int:pk>/later/", decisions.later, name="inbox_later"),
    path("inbox/<int:pk>/assignment/", decisions.assign, name="inbox_assignment"),
    path("inbox/<int:pk>/return/", decisions.back_to_inbox, name="inbox_return"),
    path("inbox/deliveries/<int:pk>/settling/", unread.settle, name="inbox_settling"),
    path("inbox/deliveries/<int:pk>/again/", unread.read_again, name="inbox_read_again"),
    path("cases/options/", views.case_options, name="case_options"),
]
