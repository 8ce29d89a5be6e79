"""What a robustness study found, in plain sentences: which sentences survive all, which fall or turn, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mhsim.outcomes.measures import BY_NAME
from mhsim.report.coming_and_going.claims import Claim, claims_of
from mhsim.report.formatting import GROUPS, Scale, capital, counted, joined, scale_of, small
from mhsim.stats import Estimate
from mhsim.studies.analysis import difference_in
from mhsim.studies.coming_and_going import Parts, about_helpers
from mhsim.studies.data import Row, StudyData
from mhsim.studies.robustness.alterations import AS_ASSUMED
from mhsim.studies.robustness.design import Robustness
from mhsim.studies.robustness.sentences import altered_data

MOST_NAMED = 8
"""Alterations that a sentence names; of more it says how many."""


@dataclass(frozen=True)
class Tried:
    """A sentence and all alterations it was tried under, by how it stands there.

    Attributes
    ----------
    words : str
        The sentence as assumed.
    scale : Scale
        How its numbers are written.
    row : dict
        Its row of the table of sentences.
    under : dict of list of str
        The alterations, in words, by standing.
    """

    words: str
    scale: Scale
    row: Row
    under: dict[str, list[str]]

    @property
    def tried(self) -> int:
        """How many alterations it was tried under."""
        return int(self.row["tried"])

    @property
    def stands(self) -> int:
        """Under how many of them it has its sign and is clear."""
        return len(self.under["stands"])

    @property
    def survives(self) -> bool:
        """Whether it has its sign under all of them, clear or not."""
        return not self.under["gone"] and not self.under["turned"]

    def when(self) -> str:
        """Return under what it is not clear, gone or turned."""
        heads = {"turned": "it turns", "gone": "it is gone", "not clear": "it may be chance"}
        parts = [f"{head} {listed(self.under[name])}" for name, head in heads.items() if self.under[name]]
        return "; ".join(parts)


@dataclass(frozen=True)
class Robust:
    """A robustness study as its page reads it."""

    data: StudyData

    @cached_property
    def study(self) -> Robustness:
        """What the study asks."""
        return Robustness.model_validate(self.data.study)

    @cached_property
    def alterations(self) -> list[Row]:
        """The rows of all alterations, those under which fewest sentences stand first."""
        return self.data.rows("alterations")

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """The claims of the main job by name; none of another study."""
        usual = altered_data(self.data, self.study.asks, AS_ASSUMED)
        return {one.name: one for one in claims_of(Parts(usual))} if about_helpers(usual) else {}

    @cached_property
    def sentences(self) -> list[Row]:
        """The rows of all sentences."""
        return self.data.rows("sentences")

    @cached_property
    def tried(self) -> list[Tried]:
        """Sentences that are clear as assumed; those under which fewest alterations hold first."""
        words = {row["alteration"]: row["words"] for row in self.alterations}
        under: dict[tuple[str, str], dict[str, list[str]]] = {}
        for row in self.data.rows("standings"):
            if row["standing"]:
                key = row["sentence"], row["measure"]
                each = under.setdefault(key, {name: [] for name in ("stands", "not clear", "gone", "turned")})
                each[row["standing"]].append(words[row["alteration"]])
        found = []
        for row in self.sentences:
            if row["clear"]:
                key = row["sentence"], row["measure"]
                scale = self.claims[key[0]].scale if key[0] in self.claims else scale_of(key[1])
                found.append(Tried(self.said(row), scale, row, under[key]))
        return found

    @cached_property
    def untried(self) -> list[Row]:
        """Sentences that are not clear with everything as assumed, at so many replicates."""
        return [row for row in self.sentences if not row["clear"]]

    def said(self, row: Row) -> str:
        """Return a sentence in words, with its direction and size."""
        found, claim = difference(row), self.claims.get(row["sentence"])
        if claim:
            what = claim.rises if found.value > 0 else claim.falls
            return f"{claim.subject} {what}: {claim.scale.size(found)}"
        scale = GROUPS if row["measure"] == "alive_at_end" else scale_of(row["measure"])
        about = BY_NAME[row["measure"]].label or row["measure"].replace("_", " ")
        return f"{_plain(row['sentence'])}: {about}, {scale.amount(found)}"

    def of_group(self, name: str) -> list[Row]:
        """Return the alterations of a group."""
        return [row for row in self.alterations if row["group"] == name]


def difference(row: Row) -> Estimate:
    """Return the difference of a row."""
    return difference_in(row, "difference")


def listed(words: Sequence[str]) -> str:
    """Return under which alterations, in words, the first few by name."""
    more = len(words) - MOST_NAMED
    if more > 1:
        return f"under {small(len(words))} alterations, such as: {'; '.join(words[:MOST_NAMED])}"
    return f"with: {'; '.join(words)}"


def answer(found: Robust) -> list[str]:
    """Return the short answer in sentences."""
    tried, number = found.tried, len(found.alterations)
    if not tried:
        return [
            f"None of {len(found.sentences):,} sentences is clear with everything as assumed at "
            f"{found.data.shape[1]:,} replicates, so none could be tried."
        ]
    clear = [one for one in tried if one.stands == one.tried]
    sign = [one for one in tried if one.survives and one not in clear]
    gone = [one for one in tried if one.under["gone"] and not one.under["turned"]]
    turned = [one for one in tried if one.under["turned"]]
    texts = [
        f"{capital(counted(len(tried), 'sentence'))}, clear as assumed among {len(found.sentences):,}, tried under "
        f"{number:,} alterations. Of these, clear under all: {len(clear)}; of the same sign under all, but under some "
        f"perhaps by chance: {len(sign)}; gone under some: {len(gone)}; turned under some: {len(turned)}."
    ]
    texts += [f"Stands under all: {one.words}." for one in clear]
    texts += [f"{one.words}. This holds with its sign everywhere, but {one.when()}." for one in sign]
    texts += [f"{one.words}. But {one.when()}." for one in (*gone, *turned)]
    return texts


def worst(found: Robust, most: int = 6) -> str:
    """Return under which alterations most sentences fall, in a sentence; nothing if none does."""
    falls = [row for row in found.alterations if row["gone"] + row["turned"]]
    falls.sort(key=lambda row: -(row["gone"] + row["turned"]))
    if not falls:
        return "" if not found.tried else "Under no alteration is a sentence gone or turned."
    parts = [f"{row['words']} ({row['gone'] + row['turned']} of {len(found.tried)})" for row in falls[:most]]
    return f"Most sentences are gone or turned with: {joined(parts)}."


def _plain(text: str) -> str:
    return text.replace("_", " ") if " against " in text else text
