// The error for wrong input: one line that says where, what was given, what is allowed and what may be meant.

import { say } from "../words.js";

const LONGEST_SHOWN = 60;
const UNPRINTABLE = /[\p{C}\p{Z}]/gu;
const NAMED_ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

export class InputError extends Error {
  constructor(message) {
    super(message.replaceAll(UNPRINTABLE, (sign) => (sign === " " ? sign : escaped(sign))));
    this.name = "InputError";
  }
}

function escaped(sign) {
  const code = sign.codePointAt(0).toString(16);
  if (sign in NAMED_ESCAPES) return NAMED_ESCAPES[sign];
  if (code.length < 3) return `\\x${code.padStart(2, "0")}`;
  return code.length < 5 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}

export function shortened(text, longest = LONGEST_SHOWN) {
  const signs = [...text];
  return signs.length <= longest ? text : `${signs.slice(0, longest - 1).join("")}…`;
}

/** Return what was given, in words; `text` is how it was written, where that is known. */
export function shown(value, text = "") {
  if (value === null || value === undefined) return say("nothing");
  if (Array.isArray(value)) return value.length ? say("a list") : say("an empty list");
  if (typeof value === "object") return Object.keys(value).length ? say("a section of keys") : say("an empty section");
  if (typeof value === "string") return say("the text '{text}'", { text: shortened(value) });
  return shortened(text || inWords(value));
}

const inWords = (value) => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));

/** Return the words for something given that may not stand there, and what may. */
export const refusal = (given, allowed) => say("given {given}; allowed: {allowed}", { given, allowed });

/** Return the known name most like the given one; null if none is like it. As `difflib.get_close_matches` does. */
export function nearest(name, names, likeness = 0.6) {
  const word = name.slice(0, LONGEST_SHOWN).toLowerCase();
  let best = null, most = likeness;
  for (const [low, known] of Object.entries(Object.fromEntries([...names].map((one) => [one.toLowerCase(), one])))) {
    const ratio = likenessOf(low, word);
    if (ratio > most || (ratio === most && (best === null || low > best.low))) [best, most] = [{ low, known }, ratio];
  }
  return best && best.known;
}

/** Return the known path most like the given one: one of its very name in another section, if there is just one. */
export function nearestPath(path, paths, likeness) {
  const leafOf = (one) => one.split(".").at(-1), leaf = path.includes(".") ? leafOf(path) : "";
  const same = leaf ? paths.filter((known) => leafOf(known) === leaf) : [];
  return same.length === 1 ? same[0] : nearest(path, paths, likeness);
}

/** Return "; did you mean …?" for the nearest known name; otherwise the known names, if they are few. */
export function suggestion(name, names) {
  const near = nearest(name, names);
  if (near) return say("; did you mean '{near}'?", { near });
  const some = names.slice(0, 12).join(", ") + (names.length > 12 ? " …" : "");
  return names.length ? say("; known are {some}", { some }) : "";
}

function likenessOf(one, other) {
  const long = one.length + other.length;
  if (!long) return 1;
  if ((2 * Math.min(one.length, other.length)) / long < 0.5) return 0;
  return (2 * inCommon(one, other, 0, one.length, 0, other.length)) / long;
}

/** Return how many signs stand in the longest run that two parts share, and in those left and right of it. */
function inCommon(one, other, first, last, begin, end) {
  let size = 0, at = first, place = begin, runs = new Map();
  for (let i = first; i < last; i++) {
    const next = new Map();
    for (let j = begin; j < end; j++) {
      if (one[i] !== other[j]) continue;
      const run = (runs.get(j - 1) ?? 0) + 1;
      next.set(j, run);
      if (run > size) [size, at, place] = [run, i - run + 1, j - run + 1];
    }
    runs = next;
  }
  if (!size) return 0;
  const before = inCommon(one, other, first, at, begin, place);
  return before + size + inCommon(one, other, at + size, last, place + size, end);
}
