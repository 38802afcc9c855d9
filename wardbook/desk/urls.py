"""Addresses of the staff's pages that show several rooms at once. Under /<office>/."""

from django.urls import include, path

from wardbook.desk import activities_feed, case_page, day_echo, recent, saved_views, search, steps, styleguide
from wardbook.desk.bulk import views as bulk
from wardbook.desk.campaigns import urls as campaigns
from wardbook.desk.cases_list import views as cases_list
from wardbook.desk.home import views as home
from wardbook.desk.inbox import urls as inbox
from wardbook.desk.quick_log import urls as quick_log
from wardbook.desk.settings_pages import urls as settings_pages

app_name = "desk"

urlpatterns = [
    path("undo/", recent.recent, name="recent"),
    path("undo/<int:pk>/", recent.undo, name="undo"),
    path("", include(home.urlpatterns)),
    path("", include(inbox.urlpatterns)),
    path("", include(campaigns.urlpatterns)),
    path("", include(quick_log.urlpatterns)),
    path("", include(activities_feed.urlpatterns)),
    path("", include(steps.urlpatterns)),
    path("", include(cases_list.urlpatterns)),
    path("", include(saved_views.urlpatterns)),
    path("", include(search.urlpatterns)),
    path("", include(bulk.urlpatterns)),
    path("cases/<int:number>/", case_page.case, name="case"),
    path("", include(day_echo.urlpatterns)),
    path("", include(styleguide.urlpatterns)),
    path("settings/", include(settings_pages.urlpatterns)),
]
