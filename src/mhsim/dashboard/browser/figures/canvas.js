// What all pictures share: SVG elements as text, ticks at round numbers, how wide words are, two sizes of a picture.
import { language } from "../words.js";

export const WIDE = 640; // widths for which pictures are drawn; a page shows the one that fits
export const NARROW = 340;
export const LETTER = 6.6; // mean width of a letter at the size of words in pictures, in units of a picture
export const BOLD = 8; // the same in names, which are bold; wide enough for the widest of the usual fonts
export const LINE = 16; // height of a line of words

const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

export const escaped = (text) => String(text).replace(/[&<>"']/g, (letter) => ESCAPED[letter]);

/** Return a number rounded to a tenth, without a zero behind the point. */
export const tenth = (value) => value.toFixed(1).replace(/\.0$/, "");

/** Return an SVG element; numbers among its attributes are rounded to a tenth. */
export function element(name, attributes, inside = "") {
  const told = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? tenth(value) : escaped(value)}"`).join("");
  return inside ? `<${name}${told}>${inside}</${name}>` : `<${name}${told}/>`;
}

/** Return words at a place of a picture. */
export function words(text, x, y, kind = "words", anchor = "start") {
  return element("text", { x, y, class: kind, "text-anchor": anchor }, escaped(text));
}

/** Return a whole picture, with its title and its description in words. */
export function drawing(width, height, title, describe, inside, kind) {
  const told = element("title", {}, escaped(title)) + element("desc", {}, escaped(describe));
  return `<svg class="picture ${kind}" role="img" viewBox="0 0 ${width} ${height.toFixed(1)}" `
    + `xmlns="http://www.w3.org/2000/svg">${told}${inside.join("")}</svg>`;
}

/** Return a picture in two sizes, of which the page shows the one that fits; `draw` takes the width. */
export function both(draw) {
  return [[WIDE, "picture-wide"], [NARROW, "picture-narrow"]]
    .map(([width, kind]) => `<div class="${kind}">${draw(width)}</div>`).join("");
}

/** Return about how wide words are. */
export const long = (text, letter = LETTER) => letter * text.length;

/** Return a number at an axis, as the language writes it. */
export function tickText(value) {
  return value.toLocaleString(language() === "de" ? "de-DE" : "en-US", { maximumSignificantDigits: 6 });
}

/** Return round numbers from low to high, about so many. */
export function ticks(low, high, about = 5) {
  if (!(Number.isFinite(low) && Number.isFinite(high)) || high <= low) return [low];
  const rough = (high - low) / Math.max(1, about), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toFixed(10)));
}

/** Return places moved as little as need be so that they lie at least so far from one another, within bounds. */
export function apart(places, least, low, high) {
  const order = places.map((_, k) => k).sort((a, b) => places[a] - places[b] || a - b);
  const moved = places.map(() => 0);
  let above = low - least, below = high + least;
  for (const k of order) above = moved[k] = Math.max(places[k], above + least);
  for (const k of order.reverse()) below = moved[k] = Math.min(moved[k], below - least);
  return moved;
}
