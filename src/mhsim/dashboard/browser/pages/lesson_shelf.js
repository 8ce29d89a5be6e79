// The lessons of this page, in the language of the reader where they are written in it, and their situations.
import { Situation } from "../engine/situation.js";
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { json } from "./main.js";

const CODE = /\b(?:[VE]\d+|N\d\d)\b/g;
let packed = null;

/** Return the promise of the lessons packed beside this page: under each language, and what codes stand for. */
export function shelf() {
  packed ??= json("lessons").catch((error) => {
    packed = null; // asked for again at the next visit
    throw error;
  });
  return packed;
}

/** Return all lessons by name, in their order; `lang` is the language that each is written in. */
export function lessonsIn(shelves, language) {
  const there = Object.keys(shelves.en).map((name) => {
    const lang = shelves[language]?.[name] ? language : "en";
    return [name, { ...shelves[lang][name], lang }];
  });
  return Object.fromEntries(there);
}

/** Return a situation of a lesson, with the lesson's length and a seed. */
export function situationOf(facts, one, seed) {
  return new Situation(facts, one.form, {}, one.changes).withValues({ ...one.settings, seed });
}

export const caseOf = (lesson, name) => lesson.cases.find((one) => one.name === name);

/** Return the parts of a text in which each code of the evidence opens what it stands for; `show` is told the code. */
export function withCodes(text, codes, show) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(CODE)) {
    if (!(found[0] in codes)) continue;
    const about = say("{code}: show the source", { code: found[0] });
    parts.push(text.slice(at, found.index), button(found[0], () => show(found[0]), "code", about));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

/** Return what the codes in some texts stand for, as a part that opens, and what opens it at one of them. */
export function sourcesOf(texts, codes) {
  const named = [...new Set(texts.flatMap((text) => text.match(CODE) ?? []))].filter((code) => code in codes);
  const rows = Object.fromEntries(named.map((code) => [code, make("dt", { tabindex: "-1" }, code)]));
  const list = make("dl", { class: "sources", lang: "en" },
    ...named.flatMap((code) => [rows[code], make("dd", {}, codes[code])]));
  const element = make(
    "details", {}, make("summary", {}, say("What the codes stand for")),
    make("p", { class: "quiet" },
      say("V- and N-codes are published numbers, E-codes are ideas from the five source documents. Most numbers were "
        + "seen in an abstract or a short excerpt only; quote the original, not this page.")), list);
  const show = (code) => {
    element.open = true;
    rows[code].focus();
  };
  return { element, show };
}
