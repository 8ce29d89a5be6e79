// Several forms in one town: open groups and members of each along the years, on one another, and year by year.
import { curves } from "../figures/curves.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { inWords } from "./describe.js";

const YEAR = 52;

/** Return the card, or null where there is one form. */
export function formsCard(counted) {
  if (!counted) return null;
  const shown = [
    { name: "open_groups", title: say("Open groups, by form"), up: say("groups") },
    { name: "members", title: say("Members, by form"), up: say("people") },
  ];
  return make("section", { class: "card", "aria-label": say("Groups by form") },
    make("h2", { class: "minor" }, say("Groups by form")),
    make("p", { class: "quiet" }, say("Forms stand on one another, the first at the bottom, so that the upper edge is all "
      + "groups, or all their members.")),
    make("div", { class: "beside" }, ...shown.map((one) => make("div", {}, make("h3", {}, one.title), drawn(counted, one)))),
    make("details", {}, make("summary", {}, say("The numbers, year by year")), table(counted)));
}

const calledOf = (form) => inWords(form.replaceAll("_", " "));

function drawn({ weeks, forms }, { name, title, up }) {
  const x = weeks.map((week) => week / YEAR), edge = weeks.map(() => 0), told = [];
  const lines = forms.map((form, look) => {
    const low = [...edge], label = calledOf(form.name);
    form[name].forEach((value, k) => { edge[k] += value; });
    told.unshift(say("{form}: {first}, at the end {last}", { form: label, first: form[name][0], last: form[name].at(-1) }));
    return { label, x, y: [...edge], low, high: [...edge], look, steps: true };
  });
  const box = make("div", { class: "pictures" });
  box.innerHTML = curves(lines.reverse(), {
    title, across: say("years since the start"), up, top: null, width: 520,
    describe: say("At the start, from the top: {what}.", { what: told.join("; ") }),
  }); // markup made by figures/curves.js, with every text escaped
  return box;
}

function table({ weeks, forms }) {
  const years = weeks.flatMap((week, k) => (k === 0 || Math.floor(week / YEAR) > Math.floor(weeks[k - 1] / YEAR) ? [k] : []));
  const rows = [...years, weeks.length - 1].map((k) => make("tr", {},
    make("th", { scope: "row" }, say("week {week}", { week: Math.round(weeks[k]) })),
    ...forms.map((form) => make("td", {}, form.open_groups[k]
      ? say("{groups} with {members}", { groups: form.open_groups[k], members: form.members[k] }) : say("none")))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Groups by form") },
    make("table", {},
      make("caption", {}, say("Open groups with their members, at the beginning of each year and at the end")),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("When")),
        ...forms.map(({ name }) => make("th", { scope: "col" }, calledOf(name))))), make("tbody", {}, ...rows)));
}
