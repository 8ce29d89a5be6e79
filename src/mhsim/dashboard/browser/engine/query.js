// The address of a page: its query holds the situation and everything else that a page shows.
//
// `form=base&seed=7&serve.turnover_per_year=0.5&change=104:prepare.successors=2&week=120` reads back as written. Keys
// that are paths of a scenario are settings; `change` may come several times; a second situation has the same keys
// after `b.` and says only in what it differs from the first.

import { say } from "../words.js";
import { changeOf } from "./checks.js";
import { InputError, nearestPath, shortened } from "./errors.js";
import { formNamed, formPaths } from "./facts.js";
import { Situation, differences, same, sameData } from "./situation.js";
import { scalar, written } from "./written.js";

const FORM = "form", CHANGE = "change", NAMED = "named", SECOND = "b.";

/** Return what a query says: two situations, and all other keys with their texts. */
export function readAddress(facts, query) {
  const { address: longest } = facts.limits;
  if (query.length > longest) {
    throw new InputError(
      say("the address has {number} characters; at most {longest} are read", {
        number: grouped(query.length), longest: grouped(longest),
      }),
    );
  }
  const pairs = [...new URLSearchParams(query)];
  const first = situationOf(facts, pairs.filter(([key]) => !key.startsWith(SECOND)), new Situation(facts));
  const later = pairs.filter(([key]) => key.startsWith(SECOND));
  const differing = later.map(([key, text]) => [key.slice(SECOND.length), text]);
  const others = Object.fromEntries(pairs.filter(([key]) => facts.address.others.includes(key)));
  return { first, second: situationOf(facts, differing, first), others };
}

/** Return the query that shows one situation, or two; what is as in the form is left out, and keys that are null. */
export function writeAddress(first, second = first, others = {}) {
  const kept = Object.entries(others).filter(([, value]) => value !== null && value !== undefined);
  const own = kept.map(([key, value]) => [key, written(value)]);
  const pairs = [...pairsOf(first), ...secondPairs(first, second), ...own];
  return pairs.map(([key, text]) => `${encoded(key)}=${encoded(text)}`).join("&");
}

/** Return a situation as keys and values of a query. */
export function pairsOf(situation) {
  return [[FORM, situation.form], ...settingPairs(situation.settings), ...changePairs(situation.changes)];
}

/** Return a change as `WEEK:path=value;act=count`, and `;leave=true` where they leave the group too. */
export function changeText(change) {
  const parts = Object.entries(change.set).map(([path, value]) => `${path}=${written(value)}`);
  if (change.act) parts.push(`${change.act}=${change.count}`, ...(change.leave ? ["leave=true"] : []));
  return `${change.week}:${parts.join(";")}`;
}

/** Return the change that a text such as `104:prepare.successors=2` says. */
export function readChange(facts, text) {
  const [week, rest] = parted(text, ":"), said = { week: scalar(week), set: {} };
  for (const part of rest.split(";").filter(Boolean)) {
    const [path, value] = parted(part, "=");
    if (facts.address.acts.includes(path)) Object.assign(said, { act: path, count: scalar(value) });
    else if (path === "leave") said.leave = scalar(value);
    else if (part.includes("=")) said.set[path] = scalar(value);
  }
  try {
    return changeOf(said);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(say(
      "change: given '{text}', {problem}; written as WEEK:PATH=VALUE or WEEK:lose_busiest_helpers=COUNT",
      { text: shortened(text), problem: error.message },
    ));
  }
}

function situationOf(facts, pairs, base) {
  const given = Object.fromEntries(pairs), form = given[FORM] ?? base.form, settings = {};
  for (const [key, text] of pairs) {
    if (key === FORM || key === CHANGE || facts.address.others.includes(key)) continue;
    const path = key === NAMED ? "form" : key;
    if (!facts.paths.includes(path) && !formPaths(facts, formNamed(facts, form).forms).includes(path)) {
      const near = nearestPath(key, facts.paths.map((one) => (one === "form" ? NAMED : one)), 0.7);
      throw new InputError(near
        ? say("{key}: no such key; did you mean {near}?", { key: shortened(key), near })
        : say("{key}: no such key", { key: shortened(key) }));
    }
    settings[path] = text;
  }
  let { changes } = base;
  if (CHANGE in given) {
    changes = pairs.filter(([key, text]) => key === CHANGE && text).map(([, text]) => readChange(facts, text));
    changes.sort((one, other) => one.week - other.week);
  }
  return (form === base.form ? base : new Situation(facts, form)).withValues(settings, changes);
}

/** Return in what a second situation differs from the first, as keys after `b.`. */
function secondPairs(first, second) {
  if (same(first, second)) return [];
  const after = (pairs) => pairs.map(([key, text]) => [SECOND + key, text]);
  if (second.form !== first.form) {
    return after([...pairsOf(second), ...(second.changes.length || !first.changes.length ? [] : [[CHANGE, ""]])]);
  }
  const pairs = settingPairs(differences(first.facts, first.whole(), second.whole()));
  if (!sameData(first.changes, second.changes)) {
    pairs.push(...(second.changes.length ? changePairs(second.changes) : [[CHANGE, ""]]));
  }
  return after(pairs);
}

const settingPairs = (settings) =>
  Object.entries(settings).map(([path, value]) => [path === "form" ? NAMED : path, written(value)]);
const changePairs = (changes) => changes.map((change) => [CHANGE, changeText(change)]);
const grouped = (number) => String(number).replaceAll(/\B(?=(\d{3})+$)/g, ",");

/** Return a text before and after the first of a sign; all of it and nothing where the sign is not in it. */
function parted(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Return a text as addresses of this package have it: what they keep readable is not escaped. */
function encoded(text) {
  const code = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  const escaped = encodeURIComponent(text).replaceAll(/[!'()*]/g, code);
  return escaped.replaceAll("%20", "+").replaceAll(/%(3A|2C|3B|3D|2F)/g, (one) => decodeURIComponent(one));
}
