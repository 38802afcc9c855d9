"""Addresses of campaigns. Under /<office>/."""

from django.urls import path

from wardbook.desk.campaigns import acts, answering, from_inbox, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/<int:pk>/", views.campaign, name="campaign"),
    path("campaigns/<int:pk>/acceptance/", acts.accept, name="campaign_acceptance"),
    path("campaigns/<int:pk>/end/", acts.end, name="campaign_end"),
    path("campaigns/<int:pk>/details/", acts.details, name="campaign_details"),
    path("campaigns/<int:pk>/position/", acts.position, name="campaign_position"),
    path("campaigns/<int:pk>/merger/", acts.merge, name="campaign_merger"),
    path("campaigns/<int:pk>/split/", acts.split, name="campaign_split"),
    path("campaigns/<int:pk>/rest/", acts.rest, name="campaign_rest"),
    path("campaigns/<int:pk>/messages/<int:message>/out/", acts.take_out, name="campaign_out"),
    path("campaigns/<int:pk>/messages/<int:message>/case/", acts.make_case, name="campaign_case"),
    path("campaigns/<int:pk>/reply/", answering.reply, name="campaign_reply"),
    path("campaigns/answers/<int:pk>/", answering.answer, name="campaign_answer"),
    path("campaigns/answers/<int:pk>/stop/", answering.stop, name="campaign_answer_stop"),
    path("inbox/<int:pk>/campaign/", from_inbox.choose, name="inbox_campaign"),
]
