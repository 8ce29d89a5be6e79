// The sentences of one language, with the right plural, and with numbers as that language writes them.

const PLURALS = {
  one_other: (count) => (count === 1 ? "one" : "other"),
  one_below_two: (count) => (count < 2 ? "one" : "other"),
  other: () => "other",
};
const known = new WeakMap();

/** Return the sentences of a language, made once. */
export function catalogue(facts, language) {
  const data = facts.words[language] ?? facts.words.en;
  if (!known.has(data)) known.set(data, new Catalogue(data));
  return known.get(data);
}

export class Catalogue {
  constructor(data) {
    this.data = data;
    this.plural = PLURALS[data.plural];
  }

  /** Return a sentence with its values filled in; a number decides between plural forms and is open as {count}. */
  say(key, number = null, values = {}) {
    let template = this.template(key);
    if (typeof template === "object") template = template[number] ?? template[this.plural(number ?? 0)];
    return template.replace(/\{(\w+)\}/g, (_, name) => {
      if (name === "count" && number !== null) return this.counted(number);
      return typeof values[name] === "string" ? values[name] : this.number(values[name]);
    });
  }

  /** Return what stands under a name, not yet filled in. */
  template(key) {
    let found = this.data;
    for (const part of key.split(".")) found = found[part];
    if (found === undefined) throw new Error(`there is no sentence ${key}`);
    return found;
  }

  /** Return a small number as a word, a larger one in digits. */
  counted(number) {
    return this.data.number_words[number] ?? this.number(number);
  }

  /** Return a number in digits, with at most one decimal. */
  number(value) {
    const [whole, tenth] = tenths(Math.abs(value)).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, this.data.thousands);
    return `${value < 0 ? "−" : ""}${grouped}${tenth === "0" ? "" : this.data.decimal + tenth}`;
  }

  /** Return parts as one list: "a, b and c". */
  listed(parts) {
    if (parts.length < 2) return parts.join("");
    return this.say("words.last_of_list", null, { rest: parts.slice(0, -1).join(", "), last: parts.at(-1) });
  }
}

/** Return a number with one decimal; of two that are as near, the even one, as Python writes it. */
function tenths(value) {
  const halves = Math.abs(4 * value) % 2 === 1 ? 2 * Math.round((10 * value) / 2) / 10 : value;
  return halves.toFixed(1);
}

/** Return a sentence with its full stop. */
export const finished = (text) => (text.endsWith(".") ? text : `${text}.`);

/** Return a text with its first letter large. */
export const capitalised = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
