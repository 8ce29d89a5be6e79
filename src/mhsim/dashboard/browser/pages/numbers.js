// Numbers and times as a reader meets them, in the language of the page.
import { language, plural, say } from "../words.js";

const SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const KLEIN = ["kein", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"];
export const UNKNOWN = "–";
const YEAR = 52;
const EXACT = 40; // further decimals, in which every number that is as near to two shows itself

/** Return a number with so many decimals; never a negative zero. */
export function plain(value, digits = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  const german = language() === "de", [whole, part] = rounded(Math.abs(value), digits).split(".");
  const text = whole.replaceAll(/\B(?=(\d{3})+$)/g, german ? "." : ",") + (part ? (german ? "," : ".") + part : "");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Return a positive number with so many decimals as Python writes it: where two are as near, the even one. */
function rounded(value, digits) {
  const exact = value.toFixed(digits + EXACT), end = exact.length - EXACT;
  const kept = exact.slice(0, end).replace(/\.$/, "");
  return /^50*$/.test(exact.slice(end)) && /[02468]$/.test(kept) ? kept : value.toFixed(digits);
}

/** Return a number with at most so many decimals. */
export function trimmed(value, digits = 1) {
  const text = plain(value, digits), point = language() === "de" ? "," : ".";
  return text.includes(point) ? text.replace(/0+$/, "").replace(/[.,]$/, "") : text;
}

/** Return a difference with its sign. */
export function signed(value, digits = 0) {
  const text = plain(value, digits);
  return text === UNKNOWN || text.startsWith("−") || !/[1-9]/.test(text) ? text : `+${text}`;
}

/** Return a count, as a word up to twelve. */
export function small(number) {
  return (language() === "de" ? KLEIN : SMALL)[number] ?? plain(number, 0);
}

/** Return a number of weeks in words: "ten years", "26 weeks", "one week". */
export function duration(weeks) {
  const years = weeks / YEAR, whole = Math.round(years), rest = Math.round(weeks);
  if (weeks >= YEAR && Math.abs(years - whole) < 1e-9) return plural("one year", "{n} years", whole, { n: small(whole) });
  if (weeks >= 2 * YEAR) return say("{n} years", { n: trimmed(years) });
  if (rest <= 1) return rest === 1 ? say("one week") : say("no weeks");
  return say("{n} weeks", { n: plain(weeks, 0) });
}

/** Return a number of weeks as it stands after "after": in German in the dative. */
export function past(weeks) {
  return inDative(duration(weeks));
}

/** Return a length of time as it stands after a preposition. */
export function inDative(text) {
  if (language() !== "de") return text;
  return text.replace(/\b(Jahre|Monate)$/, "$1n").replace(/^ein Jahr$/, "einem Jahr").replace(/^eine Woche$/, "einer Woche")
    .replace(/^1 Jahr$/, "einem Jahr").replace(/^1 Monat$/, "einem Monat").replace(/^1 Woche$/, "einer Woche");
}

/** Return a list in words. */
export function joined(parts, last = say("and")) {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${last} ${parts.at(-1)}`;
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
