// Settings and later changes in words, the same on every page and handout.
import { differences } from "../engine/situation.js";
import { plural, say } from "../words.js";
import { capital, duration, past, small, trimmed } from "./numbers.js";

const TOLD_ELSEWHERE = ["title", "about", "form", "seed", "weeks"];
const LONG_YEARS = 20;

/** Return how the unit of a parameter stands behind a value on a slider or in a sentence. */
export function unitOf(unit) {
  const words = {
    "1/year": say("times a year"), "1/week": say("times a week"), "share/week": say("share a week"),
    "share/meeting": say("share a meeting"), "share/help": say("share each time"), "people/week": say("a week"),
    "meetings/week": say("meetings a week"), "hours/week": say("hours a week"), "money/week": say("gifts a week"),
    weight: say("times the usual"), number: "", people: say("people"), groups: say("groups"), weeks: say("weeks"),
    communities: say("communities"), distance: say("distance"),
  };
  return words[unit] ?? unit ?? "";
}

/** Return what a setting is called on pages; its meaning where it has no label. */
export function labelOf(facts, path) {
  const row = facts.row[path] ?? {};
  return inWords(row.label || row.meaning || path);
}

/** Return a text of the facts, which are English, in the language of the page if there is one. */
export const inWords = (text) => say(text);

/** Return a setting and its value as a clause, such as "each helper steps down twice a year on average". */
export function settingSentence(facts, path, value) {
  const sentence = SENTENCES[path];
  return sentence ? sentence(Number(value)) : `${labelOf(facts, path)}: ${valueInWords(facts, path, value)}`;
}

/** Return a value to stand beside its label: as a clause where there is one, else as its slider shows it. */
export function settingOrValue(facts, path, value) {
  return SENTENCES[path] ? settingSentence(facts, path, value) : valueInWords(facts, path, value);
}

/** Return a value as its slider shows it: a word of its own, per cent, or a number with its unit. */
export function valueInWords(facts, path, value) {
  const row = facts.row[path] ?? {}, special = (row.special ?? []).find(([one]) => one === value);
  if (special) return inWords(special[1]);
  if (typeof value === "boolean") return value ? say("on") : say("off");
  if (typeof value === "string") return inWords(value.replaceAll("_", " "));
  if (row.unit === "share" || row.unit === "chance") return `${trimmed(100 * value)} %`;
  return `${trimmed(value, 6)} ${unitOf(row.unit)}`.trim();
}

/** Return what a change does, without its week; `several` where an act takes helpers from more than one group. */
export function changeInWords(facts, change, several = false) {
  const parts = Object.entries(change.set ?? {}).map(([path, value]) => settingSentence(facts, path, value));
  if (change.act) {
    const open = { n: small(change.count), where: several ? say("in each group ") : "" };
    parts.push(change.leave
      ? plural("{where}the busiest helper stops helping at once and leaves the group",
        "{where}the {n} busiest helpers stop helping at once and leave the group", change.count, open)
      : plural("{where}the busiest helper stops helping at once and stays as a member",
        "{where}the {n} busiest helpers stop helping at once and stay as members", change.count, open));
  }
  return parts.join("; ");
}

/** Return what changes in the course of a situation, with when; "none" if nothing does. */
export function changesInWords(facts, situation) {
  const several = situation.value("start.groups") > 1;
  const told = situation.changes.map((change) => `${when(change)} ${changeInWords(facts, change, several)}`);
  return told.join("; ") || say("none");
}

/** Return when a change comes: an act in its week, other values from their week on. */
export function when(change) {
  if (Object.keys(change.set ?? {}).length) return say("from week {week} on", { week: change.week });
  return change.week === 0 ? say("in the first week") : say("after {time}", { time: past(change.week) });
}

/** Return in what two situations differ, in words: what, in the first, in the second. */
export function differing(facts, first, second) {
  const rows = Object.keys(differences(facts, first.whole(), second.whole()))
    .filter((path) => !["title", "about", "form"].includes(path))
    .map((path) => [labelOf(facts, path), ...[first, second].map((one) => settingOrValue(facts, path, one.value(path)))]);
  const [one, other] = [first, second].map(({ changes }) => JSON.stringify(changes));
  if (one !== other) rows.push([say("Events"), changesInWords(facts, first), changesInWords(facts, second)]);
  return rows;
}

/** Return what two situations have in common as one sentence. */
export function inCommon(facts, first, second) {
  const own = new Set(Object.keys(differences(facts, first.whole(), second.whole())));
  const parts = [inWords(facts.forms[first.form === second.form ? first.form : "base"].title)];
  for (const [path, value] of Object.entries(first.settings)) {
    if (!own.has(path) && !TOLD_ELSEWHERE.includes(path)) parts.push(settingSentence(facts, path, value));
  }
  const [one, other] = [first, second].map(({ changes }) => JSON.stringify(changes));
  if (first.changes.length && one === other) parts.push(changesInWords(facts, first));
  const length = lengthInWords(first.value("weeks"));
  return say("The same in both: {what}; {length}; the same chance events.", { what: parts.join("; "), length });
}

/** Return a number of weeks in words, in whole years above twenty. */
export function lengthInWords(weeks) {
  return weeks > LONG_YEARS * 52 ? say("{n} years", { n: Math.round(weeks / 52) }) : duration(weeks);
}

const SENTENCES = {
  "serve.turnover_per_year": (value) => {
    if (value === 0) return say("helpers never step down");
    if (value === 1) return say("each helper steps down once a year on average");
    if (value === 2) return say("each helper steps down twice a year on average");
    return say("each helper steps down {n} times a year on average", { n: trimmed(value, 2) });
  },
  "serve.leaves_with_role": (value) => {
    if (value === 0) return say("none of the helpers who step down also leave the group");
    if (value === 1) return say("all of the helpers who step down also leave the group");
    return say("{n} of 100 helpers who step down also leave the group", { n: trimmed(100 * value) });
  },
  "serve.departures_per_year": (value) => {
    if (value === 0) return say("no helper leaves the group for that alone");
    return plural("{n} helper leaves a group each year", "{n} helpers leave a group each year", value,
      { n: trimmed(value, 2) });
  },
  "prepare.successors": (value) => plural("{n} member is prepared to follow before a place is empty",
    "{n} members are prepared to follow before a place is empty", value, { n: small(value) }),
  "serve.term_weeks": (value) => (value === 0 ? say("no fixed term for helpers")
    : say("every helper steps down after {time}", { time: past(value) })),
  "supervise.supervision": (value) => {
    if (value === 0) return say("helpers get no supervision");
    if (value === 1) return say("helpers get full supervision");
    return say("helpers get supervision ({n} % of full)", { n: trimmed(100 * value) });
  },
  "community.arrivals_per_week": (value) => plural("{n} new person needs help each week",
    "{n} new people need help each week", value, { n: trimmed(value, 2) }),
  "start.helpers": (value) => plural("{n} helper at the start", "{n} helpers at the start", value, { n: small(value) }),
};

/** Return what a parameter means, as a sentence. */
export function meaningOf(facts, path) {
  const { meaning = "" } = facts.row[path] ?? {};
  return meaning ? `${capital(inWords(meaning))}.` : "";
}
