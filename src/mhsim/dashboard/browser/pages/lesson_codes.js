// What a student sends to a teacher: one answer to a lesson as a short code, with a check sum that tells typing errors.
//
// `succession.both.7.mf.3fa9.x7k2.Ada.0d5q`: lesson, prediction, seed, what came out (a letter for each question),
// which engine, a ticket that tells two answers apart, a name or nothing, the check sum.
import { say } from "../words.js";

const SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: none is easily taken for another
const PRIME = 1048573, STEP = 37; // below 32 ** 4: no single wrong letter and no two exchanged ones keep the sum
const LETTERS = { more: "m", fewer: "f", same: "s" };
const OUTCOMES = { m: "more", f: "fewer", s: "same" };
const LONGEST_NAME = 30;
const CODE = /[a-z_]+\.[a-z_]+\.\d+\.[a-z]+\.[0-9a-z]+\.[0-9a-z]+\.[\p{L}\p{N}_-]*\.[0-9a-z]+/giu;
const ALMOST = /[a-z_]+(?:\.[^\s.]*){3,}/iu;
const LINK = /answer=([^\s"'<>&)]+)/g;

/** Return an answer as a code; `outcomes` are in the order of the lesson's questions. */
export function codeOf({ lesson, guess, seed, outcomes, engine, ticket, name = "" }) {
  const letters = outcomes.map((one) => LETTERS[one]).join("");
  const body = [lesson, guess, seed, letters, engine.slice(0, 4), ticket, nameInCode(name)].join(".");
  return `${body}.${checkOf(body)}`;
}

/** Return a ticket drawn by chance, which tells two answers without a name apart. */
export function newTicket() {
  const drawn = crypto.getRandomValues(new Uint8Array(4));
  return Array.from(drawn, (one) => SIGNS[one % SIGNS.length]).join("");
}

/** Return a name as it may stand in a code: letters, figures and hyphens; a space is an underscore. */
export function nameInCode(name) {
  const kept = name.normalize("NFC").trim().replace(/\s+/g, "_").replace(/[^\p{L}\p{N}_-]/gu, "");
  return [...kept].slice(0, LONGEST_NAME).join("");
}

/** Return the codes in a line, as they stand in it or in links. */
export function codesIn(line) {
  let text = line.normalize("NFC");
  const links = [...text.matchAll(LINK)].map(([, found]) => decoded(found));
  if (links.length) text = links.join(" ");
  return text.match(CODE) ?? [];
}

/** Return the answer that a code says, checked against the lessons; an error says what is wrong with it. */
export function readCode(code, lessons) {
  const parts = code.normalize("NFC").split(".");
  if (parts.length !== 8) throw new Error(say("the code is not whole; it has eight parts with points between"));
  const [body, check] = [parts.slice(0, 7).join("."), parts[7]];
  if (checkOf(body) !== plainSigns(check)) {
    throw new Error(say("the check sum does not fit: a letter or figure is wrong or missing"));
  }
  const [name, guess, seed, letters, engine, ticket, who] = parts;
  const lesson = lessons[name.toLowerCase()];
  if (!lesson) throw new Error(say("no lesson is named {name}", { name }));
  const choice = lesson.choices.find((one) => one.name === guess.toLowerCase());
  if (!choice) throw new Error(say("the lesson {name} has no choice {guess}", { name, guess }));
  const outcomes = [...letters.toLowerCase()].map((letter) => OUTCOMES[letter]);
  if (outcomes.length !== lesson.asks.length || outcomes.includes(undefined)) {
    throw new Error(say("what came out does not fit the questions of the lesson {name}", { name }));
  }
  const own = { lesson: name.toLowerCase(), guess: choice.name, seed: Number(seed), engine: engine.toLowerCase() };
  return { ...own, outcomes, ticket: plainSigns(ticket), name: who.replaceAll("_", " "), code };
}

/** Return what is wrong with a line that has no code. */
export function wrongWith(line) {
  if (ALMOST.test(line)) return say("the code is not whole; it has eight parts with points between");
  return say("there is no code in it");
}

/** Return the check sum of a text, whether its letters are large or small. */
export function checkOf(body) {
  let sum = 0;
  for (const sign of body.toLowerCase()) sum = (sum * STEP + sign.codePointAt(0)) % PRIME;
  return Array.from({ length: 4 }, (_, k) => SIGNS[Math.floor(sum / 32 ** (3 - k)) % 32]).join("");
}

/** Return signs as they were written: what looks like a nought or a one is one. */
const plainSigns = (text) => text.toLowerCase().replaceAll("o", "0").replace(/[il]/g, "1");

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
