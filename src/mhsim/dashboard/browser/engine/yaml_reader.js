// A YAML text becomes plain data, with the line of every key: `mhsim.scenario_io.yaml_reader`, for what settings need.
//
// Sections and lists, written in blocks or in brackets; text, plain, in quotes or in blocks; numbers and switches.
// Tags, anchors and aliases are refused.

import { say } from "../words.js";
import { InputError, shortened, shown } from "./errors.js";
import { scalar } from "./written.js";

const MOST_NODES = 50_000, DEEPEST = 20;
const ESCAPES = {
  0: "\0", a: "\x07", b: "\b", t: "\t", "\t": "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b", " ": " ", '"': '"',
  "/": "/", "\\": "\\", N: "\x85", _: "\xa0", L: "\u2028", P: "\u2029",
};
const LENGTHS = { x: 2, u: 4, U: 8 };
const UNFIT = () => say("this is not YAML: this line does not fit the ones above; check the indentation");
const COLON = () => say("this is not YAML: a colon stands where none can be; check the indentation, or quote the text");
const OPEN_ENDED = () => say("this is not YAML: a value is missing, or a bracket is not closed");
const KEYLESS = () => say("this is not YAML: a key without a colon; write key: value");

const IN_QUOTES = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:`;
const NO_INDICATOR = String.raw`(?![[\]{}"'#&*!|>%@\`,]|[-?:](?:\s|$))`;
const QUOTED_KEY = new RegExp(`^${IN_QUOTES}(?=\\s|$)`), QUOTED_IN_BRACKETS = new RegExp(`^${IN_QUOTES}`);
const PLAIN_KEY = new RegExp(`^${NO_INDICATOR}((?:[^:#]|:(?=\\S)|(?<=\\S)#)*?)\\s*:(?=\\s|$)`);
const KEY_IN_BRACKETS = new RegExp(
  `^${NO_INDICATOR}((?:[^:#,[\\]{}]|:(?=[^\\s,[\\]{}])|(?<=\\S)#)*?)\\s*:(?=[\\s,[\\]{}]|$)`,
);

/** What a text of settings says: the data, and line and text of every key and item by its path. */
export class Document {
  constructor(file) {
    Object.assign(this, { file, data: null, places: new Map() });
  }

  note(keys, line, text = "") {
    this.places.set(JSON.stringify(keys), { keys, line, text });
  }

  place(keys) {
    for (let length = keys.length; length > 0; length--) {
      const found = this.places.get(JSON.stringify(keys.slice(0, length)));
      if (found) return found;
    }
    return { keys: [], line: 1, text: "" };
  }

  /** Return the error for what stands at a path, with file, line and the path itself. */
  error(keys, message, line = this.place(keys).line) {
    const path = dotted(keys), named = [" ", ":", ","].some((sign) => message.startsWith(path + sign));
    return new InputError(`${this.file}:${line}: ${!path || named ? "" : `${path}: `}${message}`);
  }

  /** Return what stands at a path, in words. */
  given(keys, value) {
    return shown(value, this.places.get(JSON.stringify(keys))?.text ?? "");
  }
}

/** Return a path as people write it. */
export function dotted(keys) {
  return keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${shortened(key)}`)).join("").replace(/^\./, "");
}

/** Return the document that a text says; `file` is its name in messages. */
export function readYaml(text, file) {
  return new Reader(text.replace(/^\ufeff/, ""), new Document(file)).read();
}

class Reader {
  constructor(text, document) {
    const bad = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
    Object.assign(this, { text: text.replaceAll(/\r\n?/g, "\n"), at: 0, document, nodes: 0, seen: 0, lines: 1 });
    if (bad) throw this.wrong(say("the character '{sign}' cannot stand in a text file", { sign: bad[0] }), bad.index);
  }

  wrong(message, at = this.at) {
    const last = this.text.replace(/\n$/, "").split("\n").length;
    return this.document.error([], message, Math.min(this.lineAt(at), last));
  }

  /** Return the number of the line in which a sign stands; it is asked from above to below. */
  lineAt(at) {
    if (at < this.seen) [this.seen, this.lines] = [0, 1];
    for (let k = this.text.indexOf("\n", this.seen); k >= 0 && k < at; k = this.text.indexOf("\n", k + 1)) {
      [this.seen, this.lines] = [k + 1, this.lines + 1];
    }
    return this.lines;
  }

  read() {
    this.skip();
    if (this.marker("---")) this.at += 3;
    this.skip();
    const nothing = () => this.document.error([], say("the file holds no settings"));
    if (this.at >= this.text.length || this.marker("...")) throw nothing();
    const first = this.at, data = this.block(0, []);
    this.skip();
    if (this.marker("---")) throw this.wrong(say("a second document starts here; one file holds one"));
    if (this.at < this.text.length && !this.marker("...")) throw this.wrong(UNFIT());
    if (data === null) throw nothing();
    if (typeof data !== "object" || Array.isArray(data)) {
      const given = shown(data);
      throw this.wrong(say("keys with values are expected, such as weeks: 520; given is {given}", { given }), first);
    }
    return Object.assign(this.document, { data });
  }

  marker(sign) {
    const behind = this.text[this.at + 3] ?? "\n";
    return this.column() === 0 && this.text.startsWith(sign, this.at) && behind.trim() === "";
  }

  column(at = this.at) {
    return at - (this.text.lastIndexOf("\n", at - 1) + 1);
  }

  /** Go on to the next sign that means something: over spaces, comments and empty lines. */
  skip() {
    const blank = /(?:[ \t]*(?:(?<![^\s])#[^\n]*)?(?:\n|$))*[ ]*/y;
    blank.lastIndex = this.at;
    this.at += blank.exec(this.text)?.[0].length ?? 0;
    const line = this.text.slice(this.at - this.column(), this.at);
    const tab = this.text[this.at] === "\t" && line.trim() === "";
    if (tab) throw this.wrong(say("a tab in the indentation; YAML wants spaces"));
  }

  /** Leave the rest of a line behind which nothing but a comment may stand. */
  endLine(message = UNFIT()) {
    const rest = /[ \t]*(?:(?<=\s)#[^\n]*)?/y;
    rest.lastIndex = this.at;
    this.at += rest.exec(this.text)[0].length;
    if (this.at < this.text.length && this.text[this.at] !== "\n") throw this.wrong(message);
  }

  count(keys) {
    this.nodes += 1;
    if (this.nodes > MOST_NODES) throw this.wrong(say("more than 50,000 values, the most allowed in one file"));
    if (keys.length > DEEPEST) throw this.wrong(say("nested deeper than {most} levels", { most: DEEPEST }));
  }

  /** Return the value that stands in a block indented so far at least; nothing if there is none. */
  block(least, keys) {
    this.skip();
    const column = this.column();
    if (this.at >= this.text.length || column < least) return null;
    if (this.dash()) return this.items(column, keys);
    if (this.key() !== null) return this.section(column, keys);
    return this.word(column - 1, keys);
  }

  dash() {
    return this.text[this.at] === "-" && /^(\s|$)/.test(this.text.slice(this.at + 1, this.at + 2));
  }

  /** Return the rest of the line. */
  line() {
    const end = this.text.indexOf("\n", this.at);
    return this.text.slice(this.at, end < 0 ? this.text.length : end);
  }

  /** Return the key that stands here and how long it is, its colon too; null if no colon follows on the line. */
  key(inBrackets = false) {
    const rest = this.line(), quoted = (inBrackets ? QUOTED_IN_BRACKETS : QUOTED_KEY).exec(rest);
    if (quoted) {
      const name = new Reader(quoted[1], this.document).quoted();
      return { name, quoted: true, length: quoted[0].length };
    }
    const plain = (inBrackets ? KEY_IN_BRACKETS : PLAIN_KEY).exec(rest);
    return plain ? { name: plain[1], quoted: false, length: plain[0].length } : null;
  }

  section(column, keys) {
    this.count(keys);
    const found = {};
    for (;;) {
      this.skip();
      if (this.at >= this.text.length || this.column() < column || this.marker("---") || this.marker("...")) {
        return found;
      }
      if (this.column() > column) throw this.wrong(UNFIT());
      const key = this.key(), line = this.lineAt(this.at);
      if (key === null) throw this.wrong(this.dash() ? UNFIT() : KEYLESS());
      const name = this.named(key, keys, found);
      this.at += key.length;
      this.document.note([...keys, name], line);
      found[name] = this.behind(column, [...keys, name], line);
    }
  }

  /** Return the name of a key; refuse one that is no name or stands twice. */
  named({ name, quoted }, keys, found) {
    const read = quoted ? name : scalar(name), here = [...keys, name];
    if (typeof read !== "string") {
      const given = shortened(name) || say("nothing");
      throw this.wrong(say("a key has to be a name; given is {given}", { given }));
    }
    if (Object.hasOwn(found, name)) {
      const { line } = this.document.place(here);
      throw this.wrong(say("{path}: stands twice, first in line {line}", { path: dotted(here), line }));
    }
    return name;
  }

  /** Return the value behind a key's colon or an item's dash: on the same line, or in the block below. */
  behind(column, keys, line) {
    const blank = /[ \t]*/y;
    blank.lastIndex = this.at;
    this.at += blank.exec(this.text)[0].length;
    const sign = this.text[this.at];
    if (sign !== undefined && sign !== "\n" && sign !== "#") return this.word(column, keys, line);
    this.skip();
    if (this.column() === column && this.dash() && typeof keys.at(-1) === "string") return this.items(column, keys);
    return this.block(column + 1, keys);
  }

  items(column, keys) {
    this.count(keys);
    const found = [];
    for (;;) {
      this.skip();
      if (this.at >= this.text.length || this.column() < column || !this.dash() || this.marker("---")) return found;
      if (this.column() > column) throw this.wrong(UNFIT());
      const here = [...keys, found.length];
      const dash = this.at;
      this.at += 1;
      this.skipSpaces();
      this.document.note(here, this.lineOfItem(dash, column));
      const inside = this.text[this.at] !== "\n" && this.text[this.at] !== "#" && (this.dash() || this.key() !== null);
      found.push(inside ? this.block(this.column(), here) : this.behind(column, here, this.lineAt(this.at)));
    }
  }

  /** Return the line on which an item begins: that of its dash, or the next where its block stands below. */
  lineOfItem(dash, column) {
    const after = this.at, same = this.text[after] !== "\n" && this.text[after] !== "#";
    if (same) return this.lineAt(dash);
    this.skip();
    const line = this.lineAt(this.at < this.text.length && this.column() > column ? this.at : dash);
    this.at = after;
    return line;
  }

  skipSpaces() {
    while (this.text[this.at] === " ") this.at += 1;
  }

  /** Return what stands here, written in one piece: brackets, quotes, a block of text, or a plain word. */
  word(column, keys, line = this.lineAt(this.at)) {
    this.count(keys);
    const sign = this.text[this.at];
    if (sign === "[" || sign === "{") {
      const found = this.flow(keys);
      this.endLine();
      return found;
    }
    const said = sign === '"' || sign === "'" ? this.quoted() : /[|>]/.test(sign) ? this.literal(column) : null;
    if (said !== null) {
      this.document.note(keys, line, said);
      this.endLine();
      return said;
    }
    const text = this.plain(column);
    this.document.note(keys, line, text);
    return this.meant(text);
  }

  meant(text) {
    if (text.trim() !== text) throw this.wrong(say("a space that is none for YAML stands here; use plain spaces"));
    return scalar(text);
  }

  refuse() {
    const sign = this.text[this.at];
    if (this.dash()) throw this.wrong(say("this is not YAML: block sequence entries are not allowed in this context"));
    if (sign === "?" && /\s/.test(this.text[this.at + 1] ?? " ")) throw this.wrong(KEYLESS());
    if (sign === "&" || sign === "*") {
      throw this.wrong(say("anchors (&) and aliases (*) are not used; write the value out, or use extends"));
    }
    if (sign === "!") {
      const tag = /^\S+/.exec(this.text.slice(this.at))[0];
      throw this.wrong(say("tags such as {tag} are not used here; only plain values are", { tag: shortened(tag) }));
    }
    if ("@`%>|".includes(sign)) {
      throw this.wrong(say("this is not YAML: a character that cannot stand here; quote the text"));
    }
    if ("]},".includes(sign)) throw this.wrong(OPEN_ENDED());
  }

  /** Return a plain text: the rest of the line, and the lines indented further. */
  plain(column) {
    this.refuse();
    let text = "", breaks = 0;
    for (;;) {
      const line = /[^\n]*/y;
      line.lastIndex = this.at;
      const whole = line.exec(this.text)[0], part = whole.replace(/(^|[ \t])#.*$/, "").replace(/[ \t]+$/, "");
      if (/:(\s|$)/.test(part)) throw this.wrong(COLON());
      text += text && (breaks > 1 ? "\n".repeat(breaks - 1) : " ");
      text += part;
      this.at += whole.length;
      if (/(^|[ \t])#/.test(whole)) return text;
      const next = /(\n[ \t]*)+/y;
      next.lastIndex = this.at;
      const gap = next.exec(this.text)?.[0] ?? "", start = this.at + gap.length;
      if (!gap || start >= this.text.length || this.column(start) <= column || this.text[start] === "#") return text;
      breaks = gap.split("\n").length - 1;
      this.at = start;
    }
  }

  /** Return a text in quotes; line breaks in it are folded. */
  quoted() {
    const sign = this.text[this.at], begin = this.at;
    let text = "";
    for (this.at += 1; ; ) {
      const next = this.text[this.at];
      if (next === undefined) throw this.wrong(say("this is not YAML: a quotation mark is not closed"), begin);
      if (next === sign && !(sign === "'" && this.text[this.at + 1] === "'")) break;
      if (next === "\n") text = this.folded(text);
      else if (next === sign) [text, this.at] = [text + sign, this.at + 2];
      else if (next === "\\" && sign === '"') text += this.escaped();
      else [text, this.at] = [text + next, this.at + 1];
    }
    this.at += 1;
    return text;
  }

  folded(text) {
    const gap = /(\n[ \t]*)+/y;
    gap.lastIndex = this.at;
    const found = gap.exec(this.text)[0], breaks = found.split("\n").length - 1;
    this.at += found.length;
    return text.replace(/[ \t]+$/, "") + (breaks > 1 ? "\n".repeat(breaks - 1) : " ");
  }

  escaped() {
    const sign = this.text[this.at + 1];
    if (sign === "\n") {
      const gap = /\\\n[ \t]*/y;
      gap.lastIndex = this.at;
      this.at += gap.exec(this.text)[0].length;
      return "";
    }
    if (sign in LENGTHS) {
      const digits = this.text.slice(this.at + 2, this.at + 2 + LENGTHS[sign]), code = Number.parseInt(digits, 16);
      if (/^[0-9a-f]+$/i.test(digits) && digits.length === LENGTHS[sign] && code <= 0x10ffff) {
        const half = code >= 0xd800 && code < 0xe000;
        if (half) throw this.wrong(say("half a character: an escape of one stands alone"));
        this.at += 2 + digits.length;
        return String.fromCodePoint(code);
      }
    }
    if (!Object.hasOwn(ESCAPES, sign ?? "")) throw this.wrong(say("this is not YAML: an escape that there is not"));
    this.at += 2;
    return ESCAPES[sign];
  }

  /** Return a block of text behind | or >, whose lines stand indented below. */
  literal(column) {
    const head = /([|>])([-+]?)([1-9]?)([-+]?)[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
    head.lastIndex = this.at;
    const found = head.exec(this.text);
    if (!found) throw this.wrong(say("this is not YAML: a character that cannot stand here; quote the text"));
    this.at += found[0].length;
    const [, style, before, said, after] = found, keep = before || after, lines = [];
    let depth = said ? Math.max(0, column) + Number(said) : 0;
    while (this.at < this.text.length) {
      const line = this.line(), indent = /^ */.exec(line)[0].length;
      if (line.trim() && !depth) depth = Math.max(indent, column + 1);
      if (line.trim() && indent < depth) break;
      lines.push(line.slice(depth || indent));
      this.at += line.length + 1;
    }
    this.at = Math.min(this.at, this.text.length) - (this.at > 0 && this.text[this.at - 1] === "\n" ? 1 : 0);
    let end = lines.length;
    while (end && !lines[end - 1].trim()) end -= 1;
    const body = style === "|" ? lines.slice(0, end).join("\n") : foldedLines(lines.slice(0, end));
    return body + (keep === "-" || !end ? "" : keep === "+" ? "\n".repeat(1 + lines.length - end) : "\n");
  }

  /** Return what stands in brackets. */
  flow(keys) {
    const close = { "[": "]", "{": "}" }[this.text[this.at]], list = close === "]", found = list ? [] : {};
    const begin = this.at, gaps = new Set();
    this.at += 1;
    for (let first = true; ; first = false) {
      this.skip();
      if (this.text[this.at] === close) break;
      if (!first) {
        if (this.text[this.at] !== ",") {
          throw this.wrong(say("this is not YAML: a comma or a closing bracket is missing"));
        }
        this.at += 1;
        const behind = this.at;
        this.skip();
        if (this.text[this.at] === close) break;
        if (list && typeof found.at(-1) === "number") gaps.add([this.at > behind, found.length]);
      }
      if (this.at >= this.text.length) throw this.wrong(OPEN_ENDED());
      const line = this.lineAt(this.at);
      if (list) found.push(this.inFlow([...keys, found.length], line));
      else {
        const key = this.key(true) ?? this.keyOnly();
        const name = this.named(key, keys, found);
        this.at += key.length;
        this.skip();
        this.document.note([...keys, name], line);
        found[name] = ",}".includes(this.text[this.at]) ? null : this.inFlow([...keys, name], line);
      }
    }
    this.at += 1;
    const numbers = [...gaps].filter(([, k]) => typeof found[k] === "number");
    if (new Set(numbers.map(([gap]) => gap)).size > 1) {
      throw this.wrong(say("some commas have a space behind them and some do not; write decimals with a point"), begin);
    }
    return found;
  }

  keyOnly() {
    this.refuse();
    const name = /(?:[^,[\]{}\n:#]|:(?=[^\s,[\]{}])|(?<=\S)#)*/y;
    name.lastIndex = this.at;
    const found = name.exec(this.text)[0];
    if (!found.trim()) throw this.wrong(OPEN_ENDED());
    return { name: found.trim(), quoted: false, length: found.length };
  }

  inFlow(keys, line) {
    this.count(keys);
    const sign = this.text[this.at];
    if (sign === "[" || sign === "{") {
      this.document.note(keys, line);
      return this.flow(keys);
    }
    if (sign === '"' || sign === "'") {
      const said = this.quoted();
      this.document.note(keys, line, said);
      return said;
    }
    this.refuse();
    const plain = /(?:[^,[\]{}\n#:]|:(?=[^\s,[\]{}])|(?<=\S)#)*/y;
    plain.lastIndex = this.at;
    const found = plain.exec(this.text)[0];
    this.at += found.length;
    if (this.text[this.at] === ":") throw this.wrong(COLON());
    this.document.note(keys, line, found.trim());
    return this.meant(found.trim());
  }
}

/** Return lines folded into one: a break is a space, unless the next line is empty or indented. */
function foldedLines(lines) {
  let text = "", breaks = 0, deep = false;
  lines.forEach((line, k) => {
    if (!line) {
      breaks += 1;
      return;
    }
    const deeper = /^[ \t]/.test(line);
    if (k > 0 && text) text += deep || deeper ? "\n".repeat(breaks + 1) : breaks ? "\n".repeat(breaks) : " ";
    else text += "\n".repeat(breaks);
    text += line;
    [breaks, deep] = [0, deeper];
  });
  return text;
}
