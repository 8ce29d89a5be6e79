"""From the runs of a robustness study to its tables: every sentence under every alteration, and how many survive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mhsim.scenario import Scenario, with_values
from mhsim.stats import Estimate
from mhsim.studies.analysis import Row, difference_cells, schemas_of, write_analysis
from mhsim.studies.data import StudyData, read_study
from mhsim.studies.plan import written
from mhsim.studies.robustness.alterations import AS_ASSUMED, alteration_named
from mhsim.studies.robustness.design import ALTERATION, Robustness
from mhsim.studies.robustness.sentences import Sentence, altered_data, sentences
from mhsim.studies.robustness.standing import STANDINGS, standing

SCHEMAS = schemas_of("mhsim.studies.robustness")
Key = tuple[str, str]
"""A sentence: what is compared, and the measure."""


def analyse(folder: Path) -> None:
    """Write the tables of a robustness study into the folder ``analysis``; it can be done again at any time.

    Raises
    ------
    InputError
        If the folder holds no such study; one line.
    StoreError
        If the disk refuses.
    """
    data = read_study(folder)
    study = Robustness.model_validate(data.study)
    names = list(dict.fromkeys(str(point[ALTERATION]) for point in data.points))
    said = {name: sentences(altered_data(data, study.asks, name), study.asks) for name in names}
    usual: dict[Key, Estimate] = {one[:2]: one.found for one in said[AS_ASSUMED]}
    found = [row for name in names if name != AS_ASSUMED for row in standing_rows(name, said[name], usual)]
    rows = {
        "sentences": sentence_rows(usual, found),
        "standings": found,
        "alterations": alteration_rows(data, study, names, found),
    }
    write_analysis(folder, SCHEMAS, rows)


def standing_rows(name: str, said: list[Sentence], usual: dict[Key, Estimate]) -> Iterator[Row]:
    """Yield a row for each sentence under one alteration."""
    for one in said:
        before = usual[one[:2]]
        yield {
            "sentence": one.name,
            "measure": one.measure,
            "alteration": name,
            **difference_cells(one.found, "difference"),
            "replicates": one.found.cases,
            "standing": standing(before, one.found) if before.clear else None,
        }


def sentence_rows(usual: dict[Key, Estimate], found: list[Row]) -> Iterator[Row]:
    """Yield a row for each sentence: those under which fewest alterations hold first, those not clear last."""
    counts: dict[Key, Counter[str]] = {key: Counter() for key in usual}
    for row in found:
        counts[row["sentence"], row["measure"]][row["standing"] or ("clear" if row["clear"] else "")] += 1
    for key in sorted(usual, key=lambda key: (not usual[key].clear, counts[key]["stands"], -counts[key]["turned"])):
        count = counts[key]
        yield {
            "sentence": key[0],
            "measure": key[1],
            **difference_cells(usual[key], "difference"),
            "replicates": usual[key].cases,
            "tried": sum(count[name] for name in STANDINGS),
            **_counted(count),
            "becomes_clear": count["clear"],
        }


def alteration_rows(data: StudyData, study: Robustness, names: list[str], found: list[Row]) -> Iterator[Row]:
    """Yield a row for each alteration: those under which most sentences fall first."""
    base = with_values(Scenario.model_validate(data.base), study.asks.fixed)
    counts: dict[str, Counter[str]] = {name: Counter() for name in names if name != AS_ASSUMED}
    for row in found:
        counts[row["alteration"]][row["standing"] or ""] += 1
    order = {name: place for place, name in enumerate(counts)}
    for name in sorted(counts, key=lambda name: (counts[name]["stands"], order[name])):
        one = alteration_named(name)
        sets = ", ".join(f"{path}={written(value)}" for path, value in one.of(base).items())
        yield {"alteration": name, "group": one.group, "words": one.words, "sets": sets, **_counted(counts[name])}


def _counted(count: Counter[str]) -> Row:
    return {name.replace(" ", "_"): count[name] for name in STANDINGS}
