// Words in the language of the reader. The English text is the key; what another language says stands beside it.
let table = {};
let spoken = "en";

/** Speak another language from now on: its name, and its texts by the English ones. */
export function speak(language, texts) {
  spoken = language;
  table = texts ?? {};
  if (typeof document !== "undefined") document.documentElement.lang = language;
}

export const language = () => spoken;

/** Return a text in the language spoken, what is open in it filled in. */
export function say(english, open = {}) {
  return (table[english] ?? english).replace(/\{(\w+)\}/g, (whole, name) => (name in open ? open[name] : whole));
}

/** Return the one text for one, the other for any other number, which is open in both as {n}. */
export function plural(one, several, n, open = {}) {
  return say(n === 1 ? one : several, { n, ...open });
}

/** Return a number as the language writes it. */
export const written = (value) => (spoken === "de" ? String(value).replace(".", ",") : String(value));
