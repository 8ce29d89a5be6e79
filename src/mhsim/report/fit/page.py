"""The page of a group fitted to its own record: what it says, what it cannot say, what would happen next."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from mhsim.report.fit.pictures import months_pictures, next_picture
from mhsim.report.formatting import capital, duration, hundred, joined, plain, signed, span
from mhsim.report.html import answer_box, items, note, page, paragraphs
from mhsim.report.wording import Wording

Told = dict[str, Any]
WORDS = Wording("fit")
ONE, TWO = "52", "104"
MUCH, LITTLE = 0.4, 0.15
"""Shares of what was unknown from which a record says much, and below which it says nothing of a parameter."""
STRANGE = 0.02
"""Share of simulated groups that are stranger, below which a record is told to be unlike the model's groups."""
NOTED = {"members": "joining and leaving", "attendance": "attendance", "newcomers": "newcomers", "roles": "helping"}


def fit_page(told: Told) -> str:
    """Return the page of a fit, from what `fit.json` holds, as HTML."""
    parts = [
        answer_box(items(short_answer(told)), title=WORDS("answer.title")),
        note(WORDS("caution", weeks=told["about"]["weeks"])),
        _next(told),
        _says(told),
        _means(told),
        _cannot(told),
        WORDS.section("mimics", WORDS.figures("mimics", months_pictures(told)), paragraphs(_mimicked(told))),
        _trust(told),
        WORDS.section("caveats", items(caveats(told))),
    ]
    return page(WORDS("title"), WORDS("kicker"), parts)


def short_answer(told: Told) -> list[str]:
    """Return what was found, in a few sentences."""
    about, ahead = told["about"], told["outlook"]
    noted = joined([NOTED[kind] for kind in about["kinds"]])
    first = f"{about['weeks']} weeks from {about['first']} on were read, of {noted}."
    chances = [f"{hundred(ahead['open'][year][0])} of 100 ({_hundreds(ahead['open'][year])})" for year in (ONE, TWO)]
    second = f"In this model {chances[0]} groups like yours are open in a year, and {chances[1]} in two."
    low, middle, high = (ahead["present"][ONE][k] for k in (0, 2, 4))
    third = (
        f"If it is open, {plain(middle, 0)} people come to a meeting in a year ({span(plain(low, 0), plain(high, 0))})."
    )
    return [first, second, third, _learnt_most(told), *(_what_if(one) for one in told["what_ifs"])]


def _hundreds(found: list[float]) -> str:
    return span(hundred(found[1]), hundred(found[2]))


def _learnt_most(told: Told) -> str:
    much = [one["words"] for one in told["parameters"] if one["learnt"] >= MUCH]
    none = [one["words"] for one in told["parameters"] if one["learnt"] < LITTLE]
    said = f"Your record says most of: {'; '.join(much)}." if much else "Your record narrows no parameter by much."
    return said + (f" It says nothing, or next to it, of: {'; '.join(none)}." if none else "")


def _what_if(one: Told) -> str:
    change = one[f"open_{TWO}"]["change"]
    people = one[f"present_{TWO}"]["change"]
    if not one[f"open_{TWO}"]["clear"] and not one[f"present_{TWO}"]["clear"]:
        return f"If {one['words']}: no clear difference after two years."
    size = f"{signed(100 * change[0])} of 100 groups open after two years ({_ends(change, 100, 0)})"
    return f"If {one['words']}: {size}, {signed(people[0], 1)} people at a meeting ({_ends(people, 1, 1)})."


def _ends(found: list[float], factor: float, digits: int) -> str:
    return span(signed(factor * found[1], digits), signed(factor * found[2], digits))


def _next(told: Told) -> Markup:
    ahead = told["outlook"]
    level = told["what_ifs"][0][f"present_{TWO}"]["without"][0]
    there = f"{plain(level, 1)} ({_people(ahead['present'][TWO])})"
    rows = [["As it is", *(_of_hundred(ahead["open"][year]) for year in (ONE, TWO)), there]]
    for one in told["what_ifs"]:
        cells = [_changed(one[f"open_{year}"], 100, 0) for year in (ONE, TWO)]
        rows.append([f"If {one['words']}", *cells, _changed(one[f"present_{TWO}"], 1, 1)])
    chance = hundred(ahead["open"][ONE][0])
    pictures = WORDS.figures("next", [next_picture(told)])
    return WORDS.section("next", pictures, WORDS.table("next", rows), chance=chance)


def _of_hundred(found: list[float]) -> str:
    return f"{hundred(found[0])} ({_hundreds(found)})"


def _people(found: list[float]) -> str:
    return f"if open {span(plain(found[0], 0), plain(found[4], 0))}"


def _changed(found: Told, factor: float, digits: int) -> str:
    return f"{plain(factor * found['with'][0], digits)} ({signed(factor * found['change'][0], digits)}: " + (
        f"{_ends(found['change'], factor, digits)})"
    )


def _says(told: Told) -> Markup:
    rows = []
    for one in told["numbers"]:
        if one["unit"]:
            digits = 1 if max(one["seen"], one["usual"][1]) >= 1 else 2
            usual = [plain(value, digits) for value in one["usual"]]
            unusual = "" if one["usual"][0] <= one["seen"] <= one["usual"][2] else ", unusual"
            name = f"{capital(one['name'])}, {one['unit']}"
            rows.append([name, plain(one["seen"], digits) + unusual, usual[1], span(usual[0], usual[2])])
    return WORDS.section("says", WORDS.table("says", rows), form=told["about"]["form_title"])


def _means(told: Told) -> Markup:
    rows = [
        [capital(one["words"]), _middle(one["usual"]), _middle(one["found"]), f"{hundred(one['learnt'])} of 100"]
        for one in told["parameters"]
    ]
    return WORDS.section("means", WORDS.table("means", rows), items(_twins(told)))


def _middle(found: list[float]) -> str:
    low, middle, high = (f"{value:.2g}".replace("-", "−") for value in found)
    return f"{middle} ({span(low, high)})"


def _twins(told: Told) -> list[str]:
    """Return which parameters cannot be told from one another by this record."""
    words = {one["path"]: one["words"] for one in told["parameters"]}
    pairs = [(one["path"], other) for one in told["parameters"] for other in one["twins"]]
    apart = "your record cannot tell these two apart."
    return [f"{capital(words[one])}, and {words[other]}: {apart}" for one, other in pairs if one < other]


def _cannot(told: Told) -> Markup:
    lines = []
    for one in told["parameters"]:
        if one["learnt"] < LITTLE:
            lines.append(f"{capital(one['words'])}: as believed before, {_middle(one['usual'])}.")
        elif one["learnt"] < MUCH:
            lines.append(f"{capital(one['words'])}: a little, {hundred(one['learnt'])} of 100 of what was unknown.")
    missing = [NOTED[kind] for kind in NOTED if kind not in told["about"]["kinds"]]
    absent = f"No file tells of {joined(missing, 'or')}; a record of it would say more." if missing else ""
    return WORDS.section("cannot", items([*lines, absent]))


def _mimicked(told: Told) -> str:
    months = told["months"].values()
    inside, cases = sum(one["within"] for one in months), sum(one["months"] for one in months)
    outside = [one["name"] for one in told["numbers"] if not one["within"]]
    text = f"Of {cases} dots {inside} lie within the bands; about {round(0.95 * cases)} were to be expected."
    if outside:
        text += f" Outside what 95 of 100 of the groups most like yours have: {'; '.join(outside)}."
    share = told["stranger"]
    if share <= STRANGE:
        return f"{text} Hardly any simulated group is as far from all others as yours: trust nothing on this page much."
    return f"{text} Of 100 simulated groups {hundred(share)} lie as far from the others as your record, or farther."


def _trust(told: Told) -> Markup:
    trust, elsewhere = told["trust"], told.get("elsewhere")
    parts = [items(_right(trust))]
    if elsewhere:
        of = {"truths": elsewhere["truths"], "form": told["about"]["form"]}
        parts += [WORDS.paragraphs(f"trust.more.{told['about']['prior']}", **of), items(_right(elsewhere))]
    words = {one["path"]: one["words"] for one in told["parameters"]}
    columns = [one[name] for one in (trust, elsewhere) if one for name in ("covered", "covered_90")]
    named = {path: capital(words.get(path, path)) for path in trust["covered"]}
    rows = [[name, *(_of_hundred(column[path]) for column in columns)] for path, name in named.items()]
    table = WORDS.table("trust_elsewhere" if elsewhere else "trust", rows)
    return WORDS.section("trust", *parts, table, truths=trust["truths"])


def _right(trust: Told) -> list[str]:
    """Return how often intervals held the truth and how good the chances were, in sentences."""
    held = f"95 % intervals held the truth in {_of_hundred(trust['covered_all'])} of 100"
    texts = [f"All parameters together: {held}, 90 % intervals in {_of_hundred(trust['covered_90_all'])}."]
    for year, found in trust["open"].items():
        said = f"on average {hundred(found['said'])} of 100 were said to be, and {_of_hundred(found['came'])} were"
        base = f"{plain(found['brier'], 3)}, against {plain(found['base'], 3)} if every group is given the same chance"
        texts.append(f"Open after {duration(int(year))}: {said}; mean squared error (Brier score) {base}.")
        classes = [f"{hundred(c['said'])} was said and {_of_hundred(c['came'])} came true" for c in found["classes"]]
        texts.append(f"By what was said, of 100: {'; '.join(classes)}.")
        held = _of_hundred(trust["present"][year])
        texts.append(f"Bands of people at a meeting after {duration(int(year))} held the truth in {held} of 100.")
    return texts


def caveats(told: Told) -> list[str]:
    """Return what is to be kept in mind with a fit."""
    about = told["about"]
    prior = {
        "posterior": "What was believed before are draws fitted to published facts, widened by how groups differ; that "
        "spread is assumed.",
        "values": f"The form “{about['form']}” has no posterior from published facts: what was believed before are its "
        "own values, with an assumed spread.",
    }[about["prior"]]
    once = "" if about["came_once"] else "Who came a single time is not in your list, and was left out of the model's."
    began = "The group began with its record." if about["founded"] else "The group was there before its record begins."
    return [
        prior,
        f"{began} Who was there on the first day is taken as the model has members of such a tenure.",
        "Attendance is taken to be the model's count, moved from week to week by weather and the like; weeks without a "
        "count were left out on both sides.",
        "The model knows nothing of your town but how many come: no new group next door, no change of the law.",
        once,
        *about["notes"],
        f"{about['histories']:,} groups were simulated, {about['open']:,} of them open at the end of the record; "
        f"seed {about['seed']}.",
    ]
