"""What the admin's pages ask for before an action is called. The rooms decide whether it is right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from curation.choices import RECORDABLE_CHOICES, MergePolicy, Role, SuggestionMode, Verdict
from curation.models import CodebookVersion, Project, User


class Reason(forms.Form):
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))


class Remark(forms.Form):
    reason = forms.CharField(label=_("Remark"), required=False, help_text=_("Kept in the history; may stay empty."))


class Note(forms.Form):
    note = forms.CharField(label=_("Note to the reader"), widget=forms.Textarea(attrs={"rows": 4}))


class Answer(forms.Form):
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}))


class Patients(forms.Form):
    patients_described = forms.IntegerField(label=_("Patients described"), required=False)


class Settlement(forms.Form):
    verdict = forms.ChoiceField(label=_("Decision"), choices=[(v.value, v.label) for v in (Verdict.INCLUDED, Verdict.EXCLUDED)])
    reason = forms.CharField(label=_("One of the project's reasons, where it is excluded"), required=False)
    patients_described = forms.IntegerField(label=_("Patients described"), required=False)
    remark = forms.CharField(label=_("Why"), required=False, help_text=_("Kept in the article's history; may stay empty."))


class Reevaluating(forms.Form):
    STANDS, FALLS = "stands", "falls"
    outcome = forms.ChoiceField(
        label=_("The findings from it"), choices=[(STANDS, _("They stand")), (FALLS, _("All of them are retracted"))]
    )
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))


class Assignment(forms.Form):
    reader = forms.ModelChoiceField(User.objects.filter(is_active=True).order_by("username"), label=_("Reader"))
    due_on = forms.DateField(label=_("Due by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Due(forms.Form):
    due_on = forms.DateField(label=_("Due by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Drawing(forms.Form):
    articles = forms.IntegerField(label=_("Of how many articles"), min_value=1, max_value=200, initial=10)


class Suggesting(forms.Form):
    mode = forms.ChoiceField(label=_("Suggestions"), choices=SuggestionMode.choices)


class Merging(forms.Form):
    policy = forms.ChoiceField(label=_("Two readings that agree"), choices=MergePolicy.choices)


class LaterVersion(forms.Form):
    to = forms.CharField(
        label=_("Version"),
        max_length=20,
        help_text=_("One that was loaded after the project's own, such as 1.1.0. Its page shows what a move would do."),
    )


class SayAnew(forms.Form):
    feature = forms.CharField(label=_("As an answer to"), max_length=80, help_text=_("A feature by its name in data."))
    status = forms.ChoiceField(label=_("Status"), choices=RECORDABLE_CHOICES)
    value = forms.CharField(label=_("Value"), required=False, max_length=2000)
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))


class PersonRole(forms.Form):
    project = forms.ModelChoiceField(Project.objects.order_by("title"), label=_("Project"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))


class NewPerson(forms.Form):
    username = forms.CharField(label=_("User name"), max_length=150)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(label=_("First password"), widget=forms.PasswordInput, strip=False)


class NewProject(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(label=_("Short name in addresses"), max_length=50)
    question = forms.CharField(label=_("Question"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    codebook_version = forms.ModelChoiceField(CodebookVersion.objects.select_related("codebook"), label=_("Codebook"))
    readers_required = forms.IntegerField(label=_("Readers of each article"), min_value=1, max_value=2, initial=1)
    is_public = forms.BooleanField(label=_("Public"), required=False)
