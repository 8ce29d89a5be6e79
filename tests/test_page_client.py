"""Histories asked for by a page: shared among questions, each told to its end, none for nobody."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from mhsim.dashboard import BROWSER_FILES

SCRIPT = """
import { Histories } from %(client)s;
const lived = [];
class Stub {
  postMessage({ number, what, asked }) {
    if (what === "outcome") lived.push(asked.replicate);
    queueMicrotask(() => this.onmessage({ data: { number, found: { outcome: { replicate: asked.replicate } } } }));
  }
}
const settled = (histories, scenario, count) => new Promise((done) => {
  histories.outcomes(scenario, count, ({ outcomes, asked }) => outcomes.length === asked && done(outcomes.length));
});
const histories = new Histories(() => new Stub(), {}, 2);
const scenario = { values: { seed: 1 } }, same = { values: { seed: 1 } };
const both = await Promise.all([settled(histories, scenario, 40), settled(histories, same, 30)]);
const before = lived.length, again = await settled(histories, scenario, 40);
const stopped = histories.outcomes({ values: { seed: 2 } }, 1000, () => {});
stopped.stop();
await new Promise((done) => setTimeout(done, 50));
console.log(JSON.stringify({ both, again, twice: lived.length - before, before }));
"""


def test_questions_share_histories_and_each_comes_to_its_end(tmp_path: Path) -> None:
    """A page asks the same thing in several places; who asks second must not wait for ever, nor cost anything again."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on this machine")
    script = tmp_path / "ask.mjs"
    script.write_text(SCRIPT % {"client": json.dumps((BROWSER_FILES / "engine" / "client.js").as_uri())})
    done = subprocess.run([node, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["both"] == [40, 30]
    assert found["again"] == 40
    assert found["before"] <= 40 + 4, "each history is lived once, but for those in work when two ask at once"
    assert found["twice"] <= 4, "what is known is not lived again, and what was stopped is hardly begun"
