"""The stories that Explore begins with: allowed in every form, and known again from their address."""

from __future__ import annotations

from mhsim.dashboard.url_state import read_address
from mhsim.export.page_facts import facts_text
from mhsim.scenario_io.loader import shipped
from page_modules import told_in_node

SCRIPT = """
import { readFacts } from "@/engine/facts.js";
import { readAddress, writeAddress } from "@/engine/query.js";
import { presetOf, presets, situationOf } from "@/pages/presets.js";
const facts = readFacts(asked.facts);
console.log(JSON.stringify(asked.forms.flatMap((form) => presets().map((preset) => {
  const query = writeAddress(situationOf(preset, facts, form, 7));
  return [form, preset.name, query, presetOf(readAddress(facts, query).first)?.name];
}))));
"""


def test_a_story_of_explore_is_allowed_in_every_form_and_known_again_from_its_address() -> None:
    """The list of stories says "Your own" of what is none of them; it must not say so of one of them."""
    found = told_in_node(SCRIPT, {"facts": facts_text(), "forms": sorted(shipped())})
    assert [known for _, _, _, known in found] == [name for _, name, _, _ in found]
    assert len({query for _, _, query, _ in found}) == len(found) == 8 * len(shipped())
    for form, _, query, _ in found:
        assert read_address(query).query() == query
        assert read_address(query).first.form == form
