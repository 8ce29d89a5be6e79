// What just happened, in the sentences of the stories, newest first.
import { make, number } from "./parts.js";
import { say } from "../words.js";

const MOST = 12;

export function newsOf(history, step) {
  const { newsAt, news, about } = history, found = [];
  history.about.groups.forEach((group, g) => {
    const opened = about.sentences[group.parent >= 0 ? "split_off" : "opened"].replace("{parent}", nameOf(history, group.parent));
    if (group.founded === step && step > 0) found.push({ kind: "opened", group: g, text: `${capital(opened.replace("{group}", group.name))}.` });
  });
  for (let k = newsAt[step]; k < newsAt[step + 1]; k += 1) {
    const kind = about.kinds[news[4 * k]], person = about.people[news[4 * k + 1]];
    const group = news[4 * k + 2], value = news[4 * k + 3];
    if (person === undefined) {
      if (history.names[group]) found.push({ kind, group, text: `${capital(history.names[group])} ${clause(history, kind, group, value, true)}.` });
      continue;
    }
    const name = about.called[news[4 * k + 1]];
    found.push({ kind, group, person, name, reason: about.reasons[value], text: `${clause(history, kind, group, value)}.` });
  }
  history.about.groups.forEach((group, g) => {
    const closed = about.sentences.closed.replace("{group}", group.name).replace("{reason}", group.words);
    if (group.closed === step) found.push({ kind: "closed", group: g, clause: closed, text: `${capital(closed)}.` });
  });
  return found;
}

function clause(history, kind, group, value, ofGroup = false) {
  const { sentences, stages, reasons } = history.about;
  let key = kind;
  if (kind === "left" || kind === "role_ended") key = `${kind}.${reasons[value]}`;
  if (kind === "set_back") key = `set_back.${stages[value]}`;
  const target = kind === "moved_group" || kind === "came_back" ? value : group;
  const sentence = sentences[key] ?? sentences["role_ended.left_with_role"];
  const text = sentence
    .replace("{group}", history.names[target] ?? sentences.no_group)
    .replace("{origin}", history.names[group] ?? sentences.no_group)
    .replace("{other}", history.about.called[value] ?? "?");
  const unnamed = !ofGroup && history.about.groups.length > 1 && !sentence.includes("{group}");
  return unnamed && history.names[group] ? `${text} (${history.names[group]})` : text;
}

const nameOf = (history, number) => history.about.groups.find((group) => group.number === number)?.name ?? history.about.sentences.no_group;
export function weekOf(history, week) {
  const { sentences } = history.about;
  return sentences.week.replace("{week}", number(week).replace(".", sentences.decimal));
}
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export function feed(histories, open) {
  const list = make("ol", { class: "news" });
  const element = make("div", { class: "feed" }, make("h2", {}, say("What just happened")), list);
  let shown = null;
  return {
    element,
    show(week) {
      if (week === shown) return;
      shown = week;
      const entries = lately(histories, week);
      const nothing = make("li", { class: "entry" }, say("Nothing notable yet."));
      list.replaceChildren(...(entries.length ? entries.map((entry) => line(entry, histories, open)) : [nothing]));
    },
  };
}

function lately(histories, week) {
  const found = [], unit = Math.min(...histories.map((history) => history.stepWeeks));
  for (let at = week; at >= 0 && found.length < MOST && at > week - 60; at -= unit) {
    const here = [];
    histories.forEach((history, which) => {
      const step = Math.round(at / history.stepWeeks);
      if (Math.abs(step * history.stepWeeks - at) > 1e-9 || step > history.steps) return;
      const label = histories.length > 1 ? `${history.label}: ` : "";
      for (const entry of newsOf(history, step).reverse()) here.push({ ...entry, week: at, which, label });
    });
    found.push(...together(here, histories[0].about.sentences.both));
  }
  return found.slice(0, MOST);
}

// What happened in both histories is told once.
function together(entries, both) {
  const found = new Map();
  for (const entry of entries) {
    const key = `${entry.person ?? ""} ${entry.text}`;
    if (found.has(key)) found.get(key).label = `${both}: `;
    else found.set(key, { ...entry });
  }
  return [...found.values()];
}

function line(entry, histories, open) {
  const item = make("li", { class: `entry ${entry.kind ?? ""}` }, make("span", { class: "when" }, `${weekOf(histories[entry.which ?? 0], entry.week)} `));
  item.append(entry.label ?? "");
  if (entry.person) {
    const name = entry.name ?? entry.person;
    const button = make("button", { type: "button", class: "who", "aria-label": say("Life of {name}", { name }) }, name);
    button.addEventListener("click", () => open(entry.which ?? 0, entry.person));
    item.append(button, " ");
  }
  item.append(entry.text);
  return item;
}
