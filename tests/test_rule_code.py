"""Reading never runs code: a rule that somebody else's folder or file names is a program, and stays unread.

Each test puts a rule that writes a marker file where a rule of the sender's was, and then reads it in all the ways
there are. Only `run`, `sweep` and their like, told to by a user who names the scenario, may leave the marker.
"""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path

import pytest

from mhsim import simulate
from mhsim.cli import exit_code
from mhsim.dashboard.results.downloads import report_page
from mhsim.dashboard.results.parts import explore_link
from mhsim.dashboard.results.results_folder import open_folder, run_in, study_in
from mhsim.dashboard.server import start_address
from mhsim.errors import InputError
from mhsim.plugins import UnloadedRule, without_rule_code
from mhsim.report import write_report
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario
from mhsim.stories.records import chronicle_in

RULE = Path(__file__).resolve().parents[1] / "experiments" / "bring-a-friend" / "bring_a_friend.py"
STUDIES = {
    "sweep": "base: {base}\nvary: {{rules.friend.invites_per_year: [0.0, 2.0]}}\nweeks: 20\nreplicates: 2\n",
    "compare": "kind: compare\nscenarios: {{a: {base}, b: base}}\nweeks: 20\nreplicates: 2\n",
}


class Sent:
    """A scenario with a rule, and folders made with it, whose rule has been replaced by one that leaves a marker."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.marker, self.rule = folder, folder / "marker", folder / "pwn.py"
        self.scenario = folder / "scenario.yaml"
        shutil.copy(RULE, folder / "rule.py")
        self.scenario.write_text(
            "extends: base\nweeks: 20\nrules: {friend: {from: rule.py, invites_per_year: 2.0}}\n", encoding="utf-8"
        )

    def made(self, kind: str) -> Path:
        """Return a folder of results of a kind, as its maker would send it."""
        out = self.folder / kind
        if kind == "run":
            arguments = ["run", str(self.scenario), "--record", "story"]
        else:
            study = self.folder / f"{kind}-study.yaml"
            study.write_text(STUDIES[kind].format(base=self.scenario), encoding="utf-8")
            arguments = [kind, str(study), "--jobs", "1"]
        assert exit_code([*arguments, "--out", str(out)]) == 0
        self.poison(*out.glob("*.yaml"))
        (out / "checksums.sha256").unlink()  # as somebody would who sends it
        return out

    def poison(self, *files: Path) -> None:
        """Let files name a rule that leaves a marker where its code is run."""
        self.rule.write_text(
            f"open({str(self.marker)!r}, 'w').close()\n" + RULE.read_text(encoding="utf-8"), encoding="utf-8"
        )
        changed = 0
        for file in files:
            text = re.sub(r"digest: \S+", "digest: other", file.read_text(encoding="utf-8"))
            text, count = re.subn(r"from: [^\s,]+", f'from: "{self.rule}"', text)
            changed += count
            file.write_text(text, encoding="utf-8")
        assert changed, "nothing was poisoned, so nothing would be tested"


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    """Return what somebody has sent."""
    return Sent(tmp_path)


@pytest.mark.parametrize("kind", ["run", *STUDIES])
def test_opening_a_folder_of_results_runs_nothing(sent: Sent, kind: str) -> None:
    """A folder that was sent to somebody is data, in reports, stories and on the page Results alike."""
    folder = sent.made(kind)
    write_report(folder)
    assert exit_code(["report", str(folder)]) == 0
    assert start_address([str(folder)]).startswith("/results?")
    opened = open_folder(str(folder))
    assert explore_link(run_in(opened) if opened.is_run else study_in(opened), {}) == ""
    assert report_page({"folder": str(folder)}, "html").status_code == 200
    if kind == "run":
        assert exit_code(["story", str(folder)]) == 0
        assert chronicle_in(folder).scenario.rules["friend"].values.model_extra == {"invites_per_year": 2.0}
    assert not sent.marker.exists()


def test_looking_at_a_scenario_runs_nothing(sent: Sent, capsys: pytest.CaptureFixture[str]) -> None:
    """A file is looked at before it is trusted; that its rules were left out is said, and how to have them checked."""
    sent.poison(sent.scenario)
    assert exit_code(["validate", str(sent.scenario)]) == 0
    assert "its rules (friend) are programs and were not run: --load-rules checks them too" in capsys.readouterr().out
    assert exit_code(["show", str(sent.scenario)]) == 0
    shown = capsys.readouterr().out
    assert "invites_per_year: 2.0" in shown
    assert exit_code(["show", str(sent.scenario), "--set", "benefits=0"]) == 2
    for name, text in STUDIES.items():
        study = sent.folder / f"{name}.yaml"
        study.write_text(text.format(base=sent.scenario), encoding="utf-8")
        assert exit_code(["validate", str(study)]) == 0
    with pytest.raises(InputError, match="rules are programs"):
        start_address([str(sent.scenario)])
    assert not sent.marker.exists()
    again = sent.folder / "again.yaml"
    again.write_text(shown, encoding="utf-8")
    assert read_scenario(again) == read_scenario(sent.scenario)
    assert sent.marker.exists(), "reading a scenario to run it does run its rule, or this test could not fail"


@pytest.mark.parametrize("command", ["validate", "show", "run"])
def test_code_is_run_where_a_user_says_so(sent: Sent, command: str) -> None:
    """What could be done before can still be done: `run` runs rules, and --load-rules has them checked in full."""
    sent.poison(sent.scenario)
    option = ["--out", str(sent.folder / "out")] if command == "run" else ["--load-rules"]
    assert exit_code([command, str(sent.scenario), *option]) == 0
    assert sent.marker.exists()
    sent.scenario.write_text("extends: base\nrules: {friend: {from: pwn.py, invites: 1.0}}\n", encoding="utf-8")
    assert exit_code([command, str(sent.scenario), *option]) == 2


def test_a_scenario_with_an_unread_rule_is_not_simulated(sent: Sent) -> None:
    """Leaving the rule out would give a history of something else, without a word."""
    sent.poison(sent.scenario)
    data = {"weeks": 20, "rules": {"friend": {"from": str(sent.rule), "invites_per_year": 2.0}}}
    unread = Scenario.model_validate(data)
    with without_rule_code():
        assert read_scenario(sent.scenario).rules == unread.rules
    assert isinstance(unread.rules["friend"].values, UnloadedRule)
    for scenario in (unread, pickle.loads(pickle.dumps(unread)), with_values(unread, {"rules.friend.other": 3.0})):
        with pytest.raises(InputError, match=r"rules\.friend: the code of .* was not run"):
            simulate(scenario)
    assert simulate(with_values(unread, {"rules.friend.enabled": False})).summary
    assert not sent.marker.exists()
