"""The page of a study of sensitivity."""

from __future__ import annotations

from pathlib import Path

from mhsim.report.formatting import UNKNOWN, capital, duration, joined, plain, span, value_text
from mhsim.report.html import Markup, element, figures, folded, items, note, page, paragraphs, section, table, together
from mhsim.report.limits import limits_section
from mhsim.report.provenance import facts_table, study_facts
from mhsim.report.sensitivity.figures import bars, settling
from mhsim.report.sensitivity.ranking import INFORMATION, Analysis, index_cell, number, read_analysis, scale_of
from mhsim.report.sensitivity.wording import METHODS, STATES, assumed_among, noise_words, told
from mhsim.report.stress_checklist import checklist_section
from mhsim.report.study_data import Found
from mhsim.report.uncertainty import failures_part, no_results

HEADS = {
    "morris": ("Size of effect, mu*", {"mu": "With its sign, mu", "sigma": "Spread, sigma"}),
    "sobol": ("Total index", {"first": "First index"}),
    "pawn": ("Median distance", {"mean": "Mean", "maximum": "Largest"}),
}
SINGLE = (
    "With one run at each point noise cannot be told from effects; a parameter stands out here if its interval lies "
    "above 0."
)


def sensitivity_page(found: Found, folder: Path) -> str:
    """Return the page of a study of sensitivity as HTML; raise InputError if its runs were not analysed."""
    title = str(found.study.get("title") or "Which parameters matter most")
    kicker = f"A simulation study of {found.done.size:,} runs"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    analysis = read_analysis(folder, str(found.study["method"]))
    outcomes = [row["outcome"] for row in analysis.outcomes]
    question = " ".join(str(found.study.get("question") or "").split())
    parts = [
        answer(analysis, outcomes),
        section("The question", paragraphs(question), key="asked") if question else "",
        done_section(found, analysis),
        *(outcome_section(analysis, outcome) for outcome in outcomes),
        sure_section(found, analysis),
        limits_section(found, [row["path"] for row in analysis.varied]),
        provenance(found),
    ]
    return page(title, kicker, parts)


def answer(analysis: Analysis, outcomes: list[str]) -> Markup:
    """Return the box with the short answer: what moves each outcome most, and what of it is only assumed."""
    texts = [
        " ".join([told(analysis, outcome), assumed_among(analysis.ranked(outcome), outcome)]).strip()
        for outcome in outcomes
    ]
    inside = together([element("h2", "The short answer", id="answer"), items(texts)])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def done_section(found: Found, analysis: Analysis) -> Markup:
    """Return the section: what was done, and over which ranges."""
    replicates = found.done.shape[1]
    times = "once" if replicates == 1 else f"{replicates:,} times"
    blocks = max(row["blocks"] for row in analysis.outcomes)
    text = (
        f"The scenario “{found.base_name}” was run for {duration(found.weeks)}, {found.done.size:,} times: at "
        f"{len(found.points):,} points in the ranges of {len(analysis.varied)} parameters, {times} each, "
        "with the same luck at all points. What is explained is the mean over the runs of a point."
    )
    left = [path for path, row in analysis.parameters.items() if not row["varied"]]
    kept = f"Not varied, since it is 0 in the scenario and nothing lies around 0: {joined(left)}." if left else ""
    whole = [row["path"] for row in analysis.varied if row["whole"]]
    rounded = f"Rounded to whole numbers: {joined(whole)}." if whole else ""
    rows = [
        [
            row["path"],
            span(value_text(row["low"]), value_text(row["high"])) + (", log" if row["scale"] == "log" else ""),
            value_text(row["present"]),
            row["origin"],
            row["meaning"] or "",
            row["source"] or "",
        ]
        for row in analysis.varied
    ]
    head = ["Parameter", "Range", "In the scenario", "Range from", "Meaning", "Source"]
    listed = folded(f"The {len(rows)} parameters and their ranges", table(head, rows, "What varied"))
    method = METHODS[analysis.method].format(blocks=f"{blocks:,}")
    return section("What was done", paragraphs(text, method, kept, rounded), listed, key="done")


def outcome_section(analysis: Analysis, outcome: str) -> Markup:
    """Return the section of one outcome: pictures, words about what is assumed, and all parameters as a table."""
    title, ranked = capital(outcome.replace("_", " ")), analysis.ranked(outcome)
    about, information = analysis.about(outcome), INFORMATION[outcome]
    opening = paragraphs(f"{capital(information.meaning)}; unit: {information.unit}.")
    if about["state"] != "done":
        return section(title, opening, paragraphs(STATES[about["state"]]), key=f"of-{outcome}")
    factor, digits, unit = scale_of(analysis.method, outcome)
    main, more = HEADS[analysis.method]
    rows = [
        [
            one.path,
            index_cell(one, analysis.method, outcome),
            *(plain(factor * one.others[name], digits) for name in more),
            "yes" if one.matters else "no",
            one.source or UNKNOWN,
        ]
        for one in ranked
    ]
    head = ["Parameter", f"{main} ({unit.strip()})", *more.values(), "Above noise", "Source"]
    caption = (
        "Left: the largest indices with their 95 % intervals. Right: the same index from the first part of the sample "
        "up to all of it; where lines still climb, fall or cross, a larger sample may change the order."
    )
    return section(
        title,
        opening,
        figures([bars(analysis, outcome, ranked), settling(analysis, outcome, ranked)], caption),
        paragraphs(assumed_among(ranked, outcome)),
        folded(f"All {len(rows)} parameters", table(head, rows, f"{title}: all parameters, the largest index first")),
        key=f"of-{outcome}",
    )


def sure_section(found: Found, analysis: Analysis) -> Markup:
    """Return the section: how sure the ranking is, how much is noise, and where runs are missing."""
    texts = (
        "The ranges in brackets are 95 % intervals from drawing the parts of the sample (trajectories, blocks or "
        "points) again and again at random. They tell how far another sample of the same size would move an index, "
        "not whether the model is right.",
        "Replicate noise is what the luck of the runs adds to the differences between points. Luck that is the same "
        "at all points is not counted: it moves all of them together. A parameter stands out if its index lies "
        "above the noise floor: what the index of a parameter without any effect would stay below in 95 of 100 cases. "
        "Of many parameters without effect, a few may therefore seem to stand out.",
    )
    single = found.done.shape[1] == 1 and analysis.method != "pawn"
    few = note(SINGLE) if single else ""
    head = ["Outcome", "Parts used", "Left out", "Runs not defined", "Noise in the differences", "Noise floor"]
    rows = []
    for row in analysis.outcomes:
        factor, digits, unit = scale_of(analysis.method, row["outcome"])
        used = f"{row['blocks'] - row['left_out']:,} of {row['blocks']:,}"
        floor = UNKNOWN if row["floor"] is None else f"{plain(factor * number(row['floor']), digits)}{unit}"
        noise = noise_words(row["noise_share"])
        rows.append([row["outcome"], used, f"{row['left_out']:,}", f"{row['undefined']:,}", noise, floor])
    counted = table(head, rows, "Parts are trajectories (Morris), blocks (Sobol') or points (PAWN)")
    return section("How sure", paragraphs(*texts), few, counted, gaps_part(analysis), failures_part(found), key="sure")


def gaps_part(analysis: Analysis) -> Markup:
    """Return where runs are missing: nothing if none is."""
    if not analysis.gaps:
        return Markup("")
    lost = "whole trajectory" if analysis.method == "morris" else "whole block"
    lost = "point" if analysis.method == "pawn" else lost
    text = (
        f"Some runs failed or have no value of an outcome. The {lost} that such a run belongs to is left out of that "
        "outcome's indices; none of them counts as zero. Where this happens in one corner of the ranges only, the "
        "indices do not speak for that corner."
    )
    head = ["Outcome and parameter", "Why", "Runs", "Points", "Between", "Tried"]
    rows = [
        [
            f"{row['outcome']}: {row['path']}",
            row["reason"],
            f"{row['runs']:,}",
            f"{row['points']:,}",
            span(value_text(row["low"]), value_text(row["high"])),
            span(value_text(row["tried_low"]), value_text(row["tried_high"])),
        ]
        for row in analysis.gaps
    ]
    return together([note(text), folded("Where runs are missing", table(head, rows, "Where in the ranges"))])


def provenance(found: Found) -> Markup:
    """Return the section: how to repeat the study."""
    command = element("code", "mhsim sensitivity study.yaml --out again")
    repeat = element("p", together(["The same numbers come from:", command, "in the folder of this page."]))
    base = (
        f"The scenario was “{found.base_name}”; base.yaml in the same folder holds it with every number written out, "
        "points.parquet all points, runs.parquet one row per run, and analysis/ every number of this page."
    )
    facts = facts_table(study_facts(found))
    where = section("Where this comes from", repeat, paragraphs(base), facts, key="provenance")
    return together([where, checklist_section(found)])
