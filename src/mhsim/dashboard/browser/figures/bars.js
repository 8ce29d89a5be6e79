// Bars that lie: a row for each thing, one or two bars in it, each with its value in words at its end.
import { BOLD, LINE, WIDE, drawing, element, long, words } from "./canvas.js";

const THICK = 14;

/**
 * Return a picture of lying bars as inline SVG.
 *
 * A row is {label, values, texts}, one value and text for each of the series, whose names stand before the bars; the
 * first is filled, the second hollow. `top` is the value of the longest bar possible. Under 480 of width labels stand
 * above their bars.
 */
export function bars(rows, series, { title, describe, top = null, width = WIDE }) {
  const wide = width >= 480, widest = (texts, letter) => Math.max(0, ...texts.map((text) => long(text, letter)));
  const beside = wide ? Math.min(0.4 * width, widest(rows.map(({ label }) => label), BOLD) + 14) : 0;
  const before = beside + (series.length > 1 ? widest(series) + 10 : 0);
  const after = widest(rows.flatMap(({ texts }) => texts)) + 12;
  const largest = top || Math.max(0, ...rows.flatMap(({ values }) => values).filter(Number.isFinite)) || 1;
  const inside = [];
  let y = 6;
  for (const row of rows) {
    const lines = wide ? wrapped(row.label, Math.max(1, Math.trunc((beside - 10) / BOLD))) : [row.label];
    const block = Math.max(series.length * (THICK + 3), wide ? lines.length * LINE : 0);
    lines.forEach((line, k) => inside.push(words(line, 0, y + 11 + k * LINE, "words name")));
    y += wide ? 0 : LINE + 2;
    series.forEach((name, k) => inside.push(
      bar(row, k, series.length > 1 ? name : "", [beside, before, width - after], y, largest)));
    y += block + 10;
  }
  return drawing(width, y, title, describe, inside, "bars");
}

function bar(row, k, name, [beside, before, right], top, largest) {
  const y = top + k * (THICK + 3), value = row.values[k];
  const reach = Number.isFinite(value) ? Math.max(0, (right - before) * Math.min(value / largest, 1)) : 0;
  const parts = name ? [words(name, beside, y + 11, "words tick")] : [];
  parts.push(element("line", { x1: before, x2: before, y1: y - 1, y2: y + THICK + 1, class: "axis-line" }));
  if (reach > 0) {
    parts.push(element("rect", { x: before, y, width: Math.max(reach, 1.5), height: THICK, class: `bar look-${k}` }));
  }
  parts.push(words(row.texts[k], before + reach + 7, y + 11, "words tick"));
  return parts.join("");
}

/** Return a text in lines of at most so many letters; a longer word stands alone. */
export function wrapped(text, letters) {
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
