"""The scorecard: written by a sales lead, previewed while typing, kept with every earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from crm.models import Lead
from scoring.ml.schema import ATTRIBUTE_PREFIX, FIELD_NAMES, display_names
from scoring.models import Scorecard, ScorecardRule
from scoring.scorecards import current_scorecard, default_rules, default_scorecard
from scoring.services.scorecard import SETTINGS, scorecard_preview, scorecard_publish

# So many of the newest leads tell which attributes there are to choose from.
LOOKED_AT = 500
MOST_RULES = 100


def _field_choices(used: set[str]) -> list[tuple[str, str]]:
    """Every field and attribute that a rule can be about."""
    newest = Lead.objects.order_by("-pk").values_list("attributes", flat=True)[:LOOKED_AT]
    keys = {ATTRIBUTE_PREFIX + key for attributes in newest for key in attributes}
    attributes = sorted((keys | used) - set(FIELD_NAMES))
    names = display_names([*FIELD_NAMES, *attributes])[len(FIELD_NAMES) :]
    return [
        ("", "Choose a field"),
        *FIELD_NAMES.items(),
        *zip(attributes, names, strict=True),
    ]


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A rule; those that are as before are saved too, as every scorecard has rules of its own."""

    class Meta:
        model = ScorecardRule
        fields = ("column", "kind", "value", "points")

    def has_changed(self) -> bool:
        """Whether anything is filled in."""
        if not self.is_bound:
            return bool(super().has_changed())
        return any(self.data.get(self.add_prefix(name)) for name in self.fields if name != "kind")


class RuleInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """The rules, one a line."""

    model = ScorecardRule
    form = RuleForm
    fields = ("column", "kind", "value", "points")
    verbose_name_plural = "Rules: a lead gets the points of every rule that it meets"
    verbose_name = "rule"
    max_num = MOST_RULES

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj and obj.pk else len(_current_rules())

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        column = formset.form.base_fields.get("column")
        if column is not None:
            used = {rule.column for rule in _current_rules()}
            formset.form.base_fields["column"] = forms.ChoiceField(
                label="Field", choices=_field_choices(used), widget=UnfoldAdminSelectWidget
            )
        return formset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("scoring.add_scorecard")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("scoring.view_scorecard")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and self.has_add_permission(request)


@admin.register(Scorecard)
class ScorecardAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """To edit the scorecard is to add one: it begins as the newest, which stays as it was."""

    list_display = ["saved_at", "saved_by", "what_changed", "version", "enabled"]
    list_select_related = ["saved_by", "version"]
    actions_list = ["edit"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "enabled",
                    ("expected_percent", "average_points"),
                    ("points_to_double", "certainty"),
                ]
            },
        )
    ]
    inlines = [RuleInline]
    change_form_after_template = "scoring/scorecard/preview_box.html"

    class Media:
        js = ["scoring/scorecard-preview.js"]

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [
            path("preview/", preview, name="scoring_scorecard_preview"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scorecard]:
        found = cast("QuerySet[Scorecard]", super().get_queryset(request))
        return found.defer("version__report", "version__curves", "version__metrics")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The newest scorecard."""
        newest = current_scorecard() or default_scorecard()
        return {name: getattr(newest, name) for name in SETTINGS}

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """The newest scorecard's rules to begin with."""
        given = cast("dict[str, Any]", super().get_formset_kwargs(request, obj, inline, prefix))
        if obj.pk is None and request.method != "POST":
            given["initial"] = [
                {name: getattr(rule, name) for name in RuleForm.Meta.fields}
                for rule in _current_rules()
            ]
        return given

    def save_related(
        self, request: HttpRequest, form: forms.Form, formsets: Any, change: bool
    ) -> None:
        """With its rules stored a scorecard is whole, and becomes a version."""
        super().save_related(request, form, formsets, change)
        published = scorecard_publish(
            scorecard=cast("Any", form).instance, user=cast("User", request.user)
        )
        text = f"The scorecard is version {published.version}. {published.learned.text} "
        text += (
            "It answers from now on; the next rescoring renews the stored scores."
            if published.answers
            else "A model learned from outcomes goes on answering: it passed the gate."
        )
        messages.success(request, text)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One button: a scorecard is saved whole, and only once."""
        context = {
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **({"title": "Edit the scorecard"} if object_id is None else {}),
            **(extra_context or {}),
        }
        page = super().changeform_view(request, object_id, form_url, context)
        return cast("HttpResponse", page)

    def response_add(
        self, request: HttpRequest, obj: Scorecard, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To the history, where it is the newest; what came of it has been said."""
        return HttpResponseRedirect(reverse("admin:scoring_scorecard_changelist"))

    @action(description="Edit the scorecard", url_path="edit", permissions=["add"])  # type: ignore[untyped-decorator]  # unfold has no types
    def edit(self, request: HttpRequest) -> HttpResponse:
        """To the page that begins as the newest scorecard."""
        return HttpResponseRedirect(reverse("admin:scoring_scorecard_add"))

    def preview(self, request: HttpRequest) -> HttpResponse:
        """What leads would score by the form as it is being typed. Stores nothing."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        form = self.get_form(request)(request.POST)
        inline = RuleInline(Scorecard, self.admin_site)
        formset_class = inline.get_formset(request)
        formset = formset_class(
            data=request.POST, instance=Scorecard(), prefix=formset_class.get_default_prefix()
        )
        wrong = list(_wrong(form, formset))
        context: dict[str, Any] = {"wrong": wrong}
        if not wrong:
            kept = [each for each in formset.forms if each not in formset.deleted_forms]
            rules = [each.instance for each in kept if each.has_changed()]
            context["preview"] = scorecard_preview(scorecard=form.instance, rules=rules)
        return TemplateResponse(request, "scoring/scorecard/preview.html", context)

    @admin.display(description="What changed")
    def what_changed(self, scorecard: Scorecard) -> SafeString | str:
        lines = ((each,) for each in scorecard.changes)
        return format_html_join("", "<div>{}</div>", lines) if scorecard.changes else "Nothing"


def _current_rules() -> list[ScorecardRule]:
    newest = current_scorecard()
    return default_rules(Scorecard()) if newest is None else list(newest.rules.all())


def _wrong(form: forms.Form, formset: Any) -> Iterator[str]:
    """What is wrong with a form, in sentences that say where."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        yield from (f"{label}: {error}" for error in errors)
    yield from (str(error) for error in formset.non_form_errors())
    for number, each in enumerate(formset.forms, start=1):
        if each in formset.deleted_forms:
            continue
        for name, errors in each.errors.items():
            label = each.fields[name].label if name in each.fields else ""
            yield from (f"Rule {number}, {label}: {error}" for error in errors)
