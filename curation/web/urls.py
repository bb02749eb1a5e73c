"""Every page, one line each, grouped by the room behind it."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path

from curation.web import (
    agreement,
    annotations,
    articles,
    citing,
    codebooks,
    cohorts,
    figures,
    home,
    imports,
    people,
    projects,
    readings,
    review,
    screening,
    searches,
)

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
    path("articles/<int:pk>/full-text/", articles.fetch_full_text, name="article-full-text"),
    path("figures/<int:pk>/image", figures.image, name="figure-image"),
    path("figures/<int:pk>/thumbnail", figures.thumbnail, name="figure-thumbnail"),
    path("articles/cite.<slug:suffix>", citing.selection, name="articles-cite"),
    path("articles/<int:pk>/cite.<slug:suffix>", citing.article, name="article-cite"),
    path("articles/cite.<slug:suffix>", citing.selection, name="articles-cite"),
    path("articles/<int:pk>/cite.<slug:suffix>", citing.article, name="article-cite"),
    path("articles/<int:pk>/full-text/", articles.fetch_full_text, name="article-full-text"),
    path("figures/<int:pk>/image", figures.image, name="figure-image"),
    path("figures/<int:pk>/thumbnail", figures.thumbnail, name="figure-thumbnail"),
    path("articles/<int:pk>/resembling/", articles.resembling, name="article-resembling"),
    path("articles/<int:pk>/relations/fetch/", articles.fetch_relations, name="article-relations"),
    # imports
    path("imports/query/", imports.query, name="import-query"),
    path("imports/query/open/", imports.open_query, name="import-query-open"),
    path("imports/quarantine/", imports.quarantine, name="quarantine"),
    path("imports/<int:pk>/accounting.csv", imports.accounting, name="import-accounting"),
    path("import-items/<int:pk>/", imports.item, name="import-item"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.new, name="import-new"),
    path("imports/pmids/", imports.open_pmids, name="import-pmids"),
    path("imports/file/", imports.open_file, name="import-file"),
    path("imports/<int:pk>/", imports.batch, name="import"),
    path("imports/<int:pk>/retry/", imports.retry, name="import-retry"),
    path("imports/<int:pk>/stop/", imports.stop, name="import-stop"),
    path("imports/<int:pk>/resume/", imports.resume, name="import-resume"),
    path("import-items/<int:pk>/dismiss/", imports.dismiss, name="import-dismiss"),
    # codebooks
    path("codebooks/", codebooks.listing, name="codebooks"),
    path("codebooks/new/", codebooks.new, name="codebook-new"),
    path("codebooks/load/", codebooks.load, name="codebook-load"),
    path("codebooks/<slug:slug>/<str:number>/", codebooks.version, name="codebook"),
    path("codebooks/<slug:slug>/<str:number>/source.yaml", codebooks.source, name="codebook-source"),
    path("codebooks/<slug:slug>/<str:number>/features/<slug:feature>/", codebooks.feature, name="codebook-feature"),
    # projects
    path("projects/", projects.projects, name="projects"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    # screening
    path("projects/<slug:slug>/screening/", screening.queue, name="screening"),
    path("projects/<slug:slug>/screening/decisions/", screening.decisions, name="screening-decisions"),
    path("screenings/<int:pk>/include/", screening.include, name="screening-include"),
    path("screenings/<int:pk>/exclude/", screening.exclude, name="screening-exclude"),
    path("screenings/<int:pk>/reopen/", screening.reopen, name="screening-reopen"),
    # standing searches
    path("projects/<slug:slug>/searches/", searches.searches, name="searches"),
    path("projects/<slug:slug>/searches/create/", searches.create, name="search-create"),
    path("searches/<int:pk>/", searches.search, name="search"),
    path("searches/<int:pk>/run/", searches.run, name="search-run"),
    path("searches/<int:pk>/pause/", searches.pause, name="search-pause"),
    path("searches/<int:pk>/resume/", searches.resume, name="search-resume"),
    path("searches/<int:pk>/delete/", searches.delete, name="search-delete"),
    # readings
    path("readings/", readings.mine, name="readings"),
    path("projects/<slug:slug>/articles/<int:pk>/read/", readings.start, name="reading-start"),
    path("readings/<int:pk>/", readings.reading, name="reading"),
    path("readings/<int:pk>/scope/", readings.scope, name="reading-scope"),
    path("readings/<int:pk>/submit/", readings.submit, name="reading-submit"),
    path("readings/<int:pk>/rest-not-reported/", readings.rest_not_reported, name="reading-rest-not-reported"),
    path("readings/<int:pk>/patients/add/", readings.add_patient, name="patient-add"),
    path("readings/<int:pk>/patients/<int:patient>/rename/", readings.rename_patient, name="patient-rename"),
    path("readings/<int:pk>/patients/<int:patient>/remove/", readings.remove_patient, name="patient-remove"),
    path("readings/<int:pk>/features/<slug:slug>/", annotations.feature, name="reading-feature"),
    path("readings/<int:pk>/features/<slug:slug>/find/", annotations.find, name="reading-find"),
    path("readings/<int:pk>/features/<slug:slug>/record/", annotations.record, name="annotation-record"),
    path("annotations/<int:pk>/change/", annotations.change, name="annotation-change"),
    path("annotations/<int:pk>/remove/", annotations.remove, name="annotation-remove"),
    path("evidence/<int:pk>/change/", annotations.change_evidence, name="evidence-change"),
    path("evidence/<int:pk>/remove/", annotations.remove_evidence, name="evidence-remove"),
    # review
    path("projects/<slug:slug>/review/", review.submitted, name="review"),
    path("review/<int:pk>/", review.reading, name="review-reading"),
    path("review/<int:pk>/publish/", review.publish, name="reading-publish"),
    path("review/<int:pk>/send-back/", review.send_back, name="reading-send-back"),
    path("findings/<int:pk>/", review.finding, name="finding"),
    path("findings/<int:pk>/retract/", review.retract, name="finding-retract"),
    # agreement
    path("projects/<slug:slug>/agreement/", agreement.report, name="agreement"),
    path("projects/<slug:slug>/agreement/disagreements/", agreement.disagreements, name="disagreements"),
    path("projects/<slug:slug>/agreement/table.csv", agreement.download, name="agreement-file"),
    # cohorts
    path("projects/<slug:slug>/cohort/", cohorts.ask, name="cohort"),
    path("projects/<slug:slug>/cohort/condition/", cohorts.condition, name="cohort-condition"),
    path("projects/<slug:slug>/cohort/narrow/", cohorts.narrow, name="cohort-narrow"),
    path("projects/<slug:slug>/cohort/table.csv", cohorts.download, name="cohort-file"),
    path("projects/<slug:slug>/cohorts/", cohorts.cohorts, name="cohorts"),
    path("projects/<slug:slug>/cohorts/save/", cohorts.save, name="cohort-save"),
    path("cohorts/<int:pk>/", cohorts.saved, name="cohort-saved"),
    path("cohorts/<int:pk>/change/", cohorts.change, name="cohort-change"),
    path("cohorts/<int:pk>/delete/", cohorts.delete, name="cohort-delete"),
]
