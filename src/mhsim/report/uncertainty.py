"""How sure: how many runs there are, what the ranges mean, and every failed run in the open."""

from __future__ import annotations

from mhsim.report.formatting import small, value_text
from mhsim.report.html import Markup, element, folded, items, note, paragraphs, section, together
from mhsim.report.provenance import provenance_section
from mhsim.report.study_data import Failure, Found

MOST_FAILURES = 20


def certainty_section(found: Found) -> Markup:
    """Return the section: how sure the results are."""
    replicates = found.done.shape[1]
    runs = "There is one run" if replicates == 1 else f"There are {small(replicates)} runs"
    counted = (
        f"{runs} for each combination of what varied, {found.done.size:,} in all; {int(found.done.sum()):,} ended well."
    )
    ranges = (
        "The ranges in brackets would hold the true value of the model in about 95 of 100 studies like this one. For "
        "shares of groups they are Wilson intervals; for survival curves, Kaplan-Meier estimates with their 95 % "
        "band; for means and differences they come from drawing the places again and again at random (2,000 times), "
        "each place with all of its runs. They are about chance alone: about how far more runs would "
        "move the number, not about whether the model is right."
    )
    clear = (
        "A difference is called clear if it is large against chance even though several were looked at together. “Not "
        "clear” does not mean that there is none."
    )
    few = ""
    if replicates < 30:
        few = "There are few runs for each combination: ranges are wide and rough, and with one run there are none."
    parts = [paragraphs(counted, ranges, clear), note(few) if few else "", failures_part(found)]
    return section("How sure", *parts, key="sure")


def failures_part(found: Found) -> Markup:
    """Return what there is to say about failed runs."""
    number = len(found.failures)
    if number == 0:
        return paragraphs("No run failed.")
    share = f"{small(number)} of {found.done.size:,} runs failed"
    text = (
        f"{share[:1].upper()}{share[1:]}. They are left out of every number on this page, neither as closed groups "
        "nor as living ones. If runs fail more often under some settings than under others, the results there may be "
        "one-sided."
    )
    rows = [_told(found, failure) for failure in found.failures[:MOST_FAILURES]]
    more = number - len(rows)
    rest = f"And {more:,} more; runs.parquet lists them all." if more > 0 else ""
    return together([note(text), folded("The failed runs", items(rows), paragraphs(rest))])


def _told(found: Found, failure: Failure) -> Markup:
    values = ", ".join(f"{path} = {value_text(value)}" for path, value in found.points[failure.point].items())
    parts = [f"{values or 'the only combination'}, run {failure.replicate}: {failure.error} "]
    if failure.command:
        parts.append(element("code", failure.command))
    return together(parts)


def no_results(found: Found) -> list[Markup]:
    """Return the parts of the page of a study in which no run ended well."""
    text = f"None of the {found.done.size:,} runs ended well, so there is no result to report."
    answer = element("section", together([element("h2", "The short answer"), paragraphs(text)]), class_="answer")
    return [answer, section("What failed", failures_part(found), key="failed"), provenance_section(found)]
