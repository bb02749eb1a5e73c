"""Every page, one line each, grouped by the room behind it."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path

from curation.web import articles, home, people, projects, review, screening

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    # people
    path(
        "sign-in/",
        LoginView.as_view(
            template_name="people/sign_in.html", redirect_authenticated_user=True, http_method_names=["get", "head", "post"]
        ),
        name="sign-in",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("account/", people.account, name="account"),
    path("account/password/", people.change_password, name="change-password"),
    path("account/tokens/", people.issue_token, name="token-issue"),
    path("account/tokens/<int:pk>/revoke/", people.revoke_token, name="token-revoke"),
    # articles
    path("articles/", articles.articles, name="articles"),
    path("articles/<int:pk>/", articles.article, name="article"),
    # imports
    # codebooks
    # projects
    path("projects/", projects.projects, name="projects"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    # screening
    path("projects/<slug:slug>/screening/", screening.queue, name="screening"),
    path("projects/<slug:slug>/screening/decisions/", screening.decisions, name="screening-decisions"),
    path("screenings/<int:pk>/include/", screening.include, name="screening-include"),
    path("screenings/<int:pk>/exclude/", screening.exclude, name="screening-exclude"),
    path("screenings/<int:pk>/reopen/", screening.reopen, name="screening-reopen"),
    # readings
    # review
    path("projects/<slug:slug>/review/", review.submitted, name="review"),
    path("review/<int:pk>/", review.reading, name="review-reading"),
    path("review/<int:pk>/publish/", review.publish, name="reading-publish"),
    path("review/<int:pk>/send-back/", review.send_back, name="reading-send-back"),
    path("findings/<int:pk>/", review.finding, name="finding"),
    path("findings/<int:pk>/retract/", review.retract, name="finding-retract"),
    # cohorts
]
