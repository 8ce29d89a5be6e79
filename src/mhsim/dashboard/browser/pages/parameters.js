// Every parameter of the model in a drawer: searched by words, shown with range and source, and open to be changed.
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { inWords } from "./describe.js";
import { fieldOf, fields } from "./inputs.js";

const SHOWN = 12;

/** Return the drawer of all parameters; `change` hears name, value and if final, as an input's. */
export function drawer(app, change) {
  const { facts } = app, rows = facts.parameters;
  const search = make("input", { type: "text", id: "search-parameters", autocomplete: "off" });
  const said = make("p", { class: "quiet small", role: "status" });
  const inputs = fields([], change, { legend: say("Parameters found"), look: "plain" });
  const only = make("select", { "aria-label": say("Which parameters") });
  for (const [value, text] of [["", say("all")], ["changed", say("changed here")], ["benefit", say("by which a group does good")],
    ["harm", say("by which a group does ill")], ["assumed", say("assumed, without a source")]]) {
    only.append(make("option", { value }, text));
  }
  const element = make("details", { class: "all-parameters" },
    make("summary", {}, say("All {n} parameters, with their sources", { n: rows.length })),
    make("div", { class: "side" }, make("label", { for: search.id }, say("Search")), search, only), said, inputs.element);
  let situation = null;

  function found() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter((row) => {
      const text = `${row.path} ${row.label ?? ""} ${row.meaning} ${inWords(row.label || row.meaning)} ${row.source}`.toLowerCase();
      const wanted = { "": true, changed: row.path in situation.settings, benefit: row.benefit, harm: row.harm,
        assumed: String(row.source).startsWith("assumed") }[only.value];
      return wanted && words.every((word) => text.includes(word));
    });
  }

  function draw() {
    if (!element.open || !situation) return;
    const all = found(), list = all.slice(0, SHOWN);
    said.textContent = all.length > SHOWN
      ? say("{n} found; the first {shown} are shown. Search to see others.", { n: all.length, shown: SHOWN })
      : say("{n} found.", { n: all.length });
    inputs.show(list.map((row) => ({ ...fieldOf(row.path, situation), label: `${inWords(row.label || row.meaning)} (${row.path})` })));
  }

  search.addEventListener("input", draw);
  only.addEventListener("change", draw);
  element.addEventListener("toggle", draw);
  return {
    element,
    show(next) {
      situation = next;
      draw();
    },
  };
}
