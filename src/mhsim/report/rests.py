"""What a result rests on: the values that published facts cannot fix, and first those that a study itself varies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from mhsim.calibration.posterior import WEAK, Posterior, posterior_of
from mhsim.errors import InputError
from mhsim.report.formatting import hundred, joined, small, span, value_text
from mhsim.report.html import NOTHING, items, note, paragraphs
from mhsim.report.wording import Wording
from mhsim.scenario import form_and_path, parameter_rows
from mhsim.studies.data import Row, StudyData

WORDS = Wording()
MOST_NAMED = 3
"""Values that a sentence names; all stand in the table."""


def rests_section(data: StudyData, asked: Sequence[str]) -> Markup:
    """Return the section: which values the result rests on that the facts cannot fix, by form.

    Parameters
    ----------
    data : StudyData
        The study.
    asked : sequence of str
        The paths it is about.
    """
    forms = forms_in([data.scenario(point) for point in range(len(data.points))])
    kind = "" if data.drawn else data.kind
    return WORDS.section("rests", *(part for form in forms for part in form_parts(form, asked, kind)), _source(forms))


def forms_in(scenarios: Iterable[Row]) -> list[str]:
    """Return the forms of scenarios that are plain data, each once."""
    return list(dict.fromkeys(str(scenario.get("form") or "base") for scenario in scenarios))


def form_parts(form: str, asked: Sequence[str] = (), kind: str = "") -> list[Markup]:
    """Return what is to be said of one form: a warning for each lever, how many other values, and all of them.

    Parameters
    ----------
    form : str
        Its name.
    asked : sequence of str
        The paths that a study is about.
    kind : str
        The kind of study that might be run over draws; empty if it was.
    """
    fit = fit_of(form)
    if fit is None:
        return [paragraphs(WORDS("rests.none", form=form))]
    open_ = open_values(fit)
    levers = [path for path in open_ if is_asked(path, asked)]
    warnings = [WORDS("rests.lever", path=path, meaning=_meaning(path), how=how_words(fit, path)) for path in levers]
    least = _named(open_[:MOST_NAMED])
    counts = {"least": least, "form": form, "count": small(len(open_)), "all": small(len(fit.parameters))}
    more = WORDS("rests.others" if open_ else "rests.assured", **counts)
    draws = WORDS("rests.draws", kind=kind) if open_ and kind and kind != "sensitivity" else ""
    parts = [note(items(warnings))] if warnings else [paragraphs(WORDS("rests.fine", form=form))] if asked else []
    listed = WORDS.table("rests", [_cells(fit, path) for path in open_], **counts) if open_ else NOTHING
    return [*parts, paragraphs(f"{more} {draws}".strip()), listed]


def fit_of(form: str) -> Posterior | None:
    """Return the fit of a form; None if there is none."""
    try:
        return posterior_of(form)
    except InputError:
        return None


def open_values(fit: Posterior) -> list[str]:
    """Return the parameters of which little is learnt, or that have twins; those least learnt first."""
    found = [path for path in fit.parameters if fit.learnt[path] < WEAK or fit.twins[path]]
    return sorted(found, key=lambda path: fit.learnt[path])


def is_asked(path: str, asked: Sequence[str]) -> bool:
    """Return whether a study is about a parameter: varies it, its mechanism's switch, or the mark it bears."""
    named = {form_and_path(one)[1] for one in asked}
    if path in named or f"{path.split('.')[0]}.enabled" in named:
        return True
    row = next((row for row in parameter_rows() if row["path"] == path), {})
    return any(row.get(mark.removesuffix("s")) for mark in ("benefits", "harms") if mark in named)


def how_words(fit: Posterior, path: str) -> str:
    """Return how little is learnt of a parameter, and what it cannot be told apart from."""
    weak = WORDS("rests.weak", learnt=hundred(fit.learnt[path]), least=hundred(WEAK)) if fit.learnt[path] < WEAK else ""
    twins = WORDS("rests.twins", twins=_named(fit.twins[path])) if fit.twins[path] else ""
    return f"{weak} {twins}".strip()


def _cells(fit: Posterior, path: str) -> list[str]:
    one = fit.parameters[path]
    between = span(value_text(one.low), value_text(one.high))
    twins = ", ".join(fit.twins[path]) or "–"
    return [path, _meaning(path), value_text(one.shipped), between, hundred(one.learnt), twins]


def _named(paths: Sequence[str]) -> str:
    return joined([f"{path} ({_meaning(path)})" for path in paths])


def _meaning(path: str) -> str:
    return next((str(row["meaning"]) for row in parameter_rows() if row["path"] == path), path)


def _source(forms: Sequence[str]) -> Markup:
    """Return where the measure of what is learnt comes from; nothing where no form has a fit."""
    return paragraphs(WORDS("rests.source")) if any(fit_of(form) for form in forms) else NOTHING
