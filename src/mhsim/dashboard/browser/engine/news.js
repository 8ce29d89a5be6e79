// What the feed of the picture tells, as codes; the sentences of the stories are put in at the week shown.

import { COMMUNITY } from "./snapshots.js";
import { catalogue } from "./catalogue.js";
import { INTERVENTION, eventReasons } from "./facts.js";
import { memberRow } from "./weeks.js";

const TOLD = [
  "first_visit", "became_helper", "role_ended", "became_organiser", "left", "moved_group", "came_back",
  "began_learning", "prepared", "recoil", "accommodation", "set_back", "crisis",
];
export const COUNTED = ["first_visit", "became_helper", "role_ended"]; // in the sentence on a week that is spoken
const NUMBERS = ["members", "helpers"]; // counted each week; of these there may be none
const MOST_IN_WORDS = 13; // numbers below this are written as words, as in the stories

/** The kinds of news by code: those of the log, then those of optional mechanisms. */
export const kinds = ({ log, own_events: own }) => [...log.kinds, ...Object.keys(own)];

/** The kinds of event of optional mechanisms that are about "people" or about "groups". */
export const ownKinds = ({ own_events: own }, of) => Object.keys(own).filter((kind) => own[kind] === of);

/** Return whether an event of an optional mechanism names another person. */
export function namesAnother({ own_events: own, words }, kind) {
  return kind in own && words.en[own[kind] === "people" ? "life" : "group"][kind].includes("{other}");
}

/** Return the name of each code of a kind in the log. */
export function kindNames({ log }) {
  const found = [...log.kinds];
  for (const [kind, code] of Object.entries(log.own)) found[code] = kind;
  return found;
}

/**
 * Return what happened to members, in order of weeks: step, code of `kinds`, place of the person (-1 where something is
 * told of a group), group, and the reason, the group, or the place of the other person.
 */
export function newsOf(recording) {
  const { facts, events, places, members, opening } = recording, names = kindNames(facts);
  if (!members.person.length) return [];
  const codes = new Map(kinds(facts).map((kind, code) => [kind, code]));
  const own = Object.keys(facts.own_events), told = new Set([...TOLD, ...own]);
  const ofGroups = new Set(ownKinds(facts, "groups"));
  const another = new Set(own.filter((kind) => namesAnother(facts, kind)));
  const exits = new Set(), found = [];
  const key = (step, person, value) => `${step} ${person} ${value}`;
  for (let k = 0; k < events.length; k += 1) {
    const kind = names[events.get("kind", k)], step = events.get("step", k) - opening;
    if (step < 0 || !told.has(kind) || events.get("community", k) !== COMMUNITY) continue;
    const ofGroup = ofGroups.has(kind), person = ofGroup ? -1 : places.of(events.get("who", k));
    const said = events.get("value", k), row = memberRow(members, step, person);
    const group = ofGroup ? events.get("group", k) : row >= 0 ? members.group[row] : said;
    const value = another.has(kind) ? places.of(events.get("other", k)) : said;
    if (kind === "left") exits.add(key(step, person, value));
    if (row < 0 && !ofGroup && kind !== "came_back") continue;
    found.push({ step, kind, code: codes.get(kind), person, group, value });
  }
  const reasons = eventReasons(facts), withRole = reasons.indexOf("left_with_role");
  const taken = reasons.indexOf(INTERVENTION);
  const said = ({ step, kind, person, value }) => kind === "role_ended" && exits.has(key(step, person, value));
  const news = found.filter((one) => !said(one)); // a role that ended by leaving: the leaving says it better
  for (const one of news) if (one.kind === "role_ended" && one.value === taken) one.value = withRole;
  return news.sort((one, other) => one.step - other.step);
}

/**
 * Return the sentences of a language that feed and spoken sentence are made of, by name. What is counted stands under
 * its name and the number, as in "members.3", and from some number on under "members.other" with {count} open.
 */
export function sentences(facts, language) {
  const words = catalogue(facts, language), found = {};
  const put = (name, key) => { found[name] = words.template(key); };
  const plain = ["became_helper", "became_organiser", "recoil", "accommodation", "began_learning", "prepared"];
  for (const kind of [...plain, ...ownKinds(facts, "people")]) put(kind, `life.${kind}`);
  for (const kind of ownKinds(facts, "groups")) put(kind, `group.${kind}`);
  put("crisis", "crisis.once");
  put("moved_group", "moved_group.other");
  Object.assign(found, words.template("replay"));
  put("week", "when.week");
  put("decimal", "decimal");
  for (const stage of facts.stages.slice(0, 2)) put(`set_back.${stage}`, `set_back.${stage}`);
  for (const reason of facts.reasons) put(`left.${reason}`, `left.${reason}`);
  for (const reason of Object.keys(words.template("role_ended"))) put(`role_ended.${reason}`, `role_ended.${reason}`);
  for (const stage of facts.stages) put(`stage.${stage}`, `stage.${stage}`);
  for (const role of facts.roles) put(`role.${role}`, `role.${role}`);
  const counted = [
    ...COUNTED.map((kind) => [`feed.${kind}`, `feed.${kind}`]),
    ...facts.reasons.map((reason) => [`left_counted.${reason}`, `replay_left.${reason}`]),
    ...NUMBERS.map((name) => [name, `words.${name}`]),
  ];
  for (const [name, key] of counted) {
    for (let n = 1; n < MOST_IN_WORDS; n += 1) found[`${name}.${n}`] = words.say(key, n, { group: "{group}" });
    found[`${name}.other`] = words.template(key).other;
  }
  for (const name of NUMBERS) found[`${name}.0`] = words.say(`words.${name}`, 0);
  for (const name of ["the_group", "no_group"]) put(name, `words.${name}`);
  return found;
}
