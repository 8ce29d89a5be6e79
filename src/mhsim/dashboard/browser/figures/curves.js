// Lines along time or along a setting, with bands for how sure they are, named where they end.
import { BOLD, LINE, WIDE, apart, drawing, element, long, tickText, ticks, words } from "./canvas.js";

const LOOKS = 6; // looks of lines told apart by colour, dashes and the mark at the end

/**
 * Return a picture of lines as inline SVG.
 *
 * A line is {label, x, y, low, high, look, steps}: points, x rising, a gap where y is not a finite number; its band
 * if it has one; look 0 to 5 (0: A, 1: B); steps where it stays level until the next point. `across` and `up` say what
 * the axes are, with units; `top` is the highest value of the upright axis, null for that of the lines; `marks` are
 * [place, words] of thin upright lines. Under 480 of width the names of lines stand above the picture.
 */
export function curves(lines, { title, across, up, describe, top = 1, marks = [], width = WIDE }) {
  const wide = width >= 480;
  const labels = wide ? Math.max(0, ...lines.map(({ label }) => long(label, BOLD))) + 22 : 12;
  const over = 30 + (wide ? 0 : LINE * lines.length), [x, y] = reach(lines, top);
  const right = width - Math.min(labels, 0.42 * width);
  const frame = { left: 46, right, over, under: over + (wide ? 220 : 190), x, y };
  const inside = [
    axes(frame, across, up), ...marks.map(([place, text]) => upright(frame, place, text)),
    ...lines.map((line) => band(frame, line)), ...lines.map((line) => drawn(frame, line)),
    ...(wide ? namesAtEnds(frame, lines) : namesAbove(lines)),
  ];
  return drawing(width, frame.under + 40, title, describe, inside, "curves");
}

/** Return the place of a point; what lies above or below the axes is drawn at their edge. */
function at(frame, x, y) {
  const across = (x - frame.x[0]) / Math.max(frame.x[1] - frame.x[0], 1e-12);
  const up = (Math.min(Math.max(y, frame.y[0]), frame.y[1]) - frame.y[0]) / Math.max(frame.y[1] - frame.y[0], 1e-12);
  return [frame.left + across * (frame.right - frame.left), frame.under - up * (frame.under - frame.over)];
}

function reach(lines, top) {
  const places = lines.flatMap(({ x }) => x);
  let most = top;
  if (most === null) {
    const heights = lines.flatMap(({ y, high }) => [...y, ...(high ?? [])]).filter(Number.isFinite);
    const largest = Math.max(...heights, 0) || 1;
    most = ticks(0, 2 * largest, 8).find((tick) => tick >= largest * 0.9999);
  }
  return [places.length ? [Math.min(...places), Math.max(...places)] : [0, 1], [0, most]];
}

function axes(frame, across, up) {
  const { left, right, over, under } = frame, parts = [words(up, 0, over - 14, "words axis")];
  for (const tick of ticks(...frame.y, 4)) {
    const [, y] = at(frame, frame.x[0], tick);
    parts.push(element("line", { x1: left, x2: right, y1: y, y2: y, class: "rule" }));
    parts.push(words(tickText(tick), left - 7, y + 4, "words tick", "end"));
  }
  for (const tick of ticks(...frame.x, 5)) {
    const [x] = at(frame, tick, frame.y[0]);
    parts.push(element("line", { x1: x, x2: x, y1: under, y2: under + 4, class: "axis-line" }));
    parts.push(words(tickText(tick), x, under + 17, "words tick", "middle"));
  }
  parts.push(element("line", { x1: left, x2: right, y1: under, y2: under, class: "axis-line" }));
  parts.push(words(across, (left + right) / 2, under + 34, "words axis", "middle"));
  return parts.join("");
}

function upright(frame, place, text) {
  const [x] = at(frame, place, frame.y[0]), late = x + long(text) + 6 > frame.right;
  const line = element("line", { x1: x, x2: x, y1: frame.over - 4, y2: frame.under, class: "mark-line" });
  return line + words(text, x + (late ? -5 : 5), frame.under - 6, "words note", late ? "end" : "start");
}

/** Return the places of a line, in as many pieces as gaps make of it; a level line gets the corners of its steps. */
function points(frame, line, heights) {
  const pieces = [[]];
  line.x.forEach((x, k) => {
    const last = pieces.at(-1);
    if (!Number.isFinite(heights[k])) {
      if (last.length) pieces.push([]);
      return;
    }
    const place = at(frame, x, heights[k]);
    if (line.steps && last.length) last.push([place[0], last.at(-1)[1]]);
    last.push(place);
  });
  return pieces.filter((piece) => piece.length);
}

const path = (places) => `M${places.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
const look = (line) => `look-${(line.look ?? 0) % LOOKS}`;

function drawn(frame, line) {
  const pieces = points(frame, line, line.y);
  if (!pieces.length) return "";
  const whole = element("path", { d: pieces.map(path).join(""), class: `line ${look(line)}` });
  return whole + sign(line.look ?? 0, ...pieces.at(-1).at(-1));
}

function band(frame, line) {
  if (!line.low || !line.high) return "";
  const there = line.low.map((low, k) => Number.isFinite(low) && Number.isFinite(line.high[k]));
  const [lower, upper] = [line.low, line.high]
    .map((edge) => points(frame, line, edge.map((value, k) => (there[k] ? value : NaN))));
  const whole = upper.map((above, k) => `${path([...above, ...lower[k].reverse()])}Z`).join("");
  return whole ? element("path", { d: whole, class: `band ${look(line)}` }) : "";
}

/** Return the mark of a look: disc, square, triangle, diamond, triangle upside down, cross. */
export function sign(which, x, y, r = 4.5) {
  const kind = `sign look-${which % LOOKS}`;
  if (which % LOOKS === 0) return element("circle", { cx: x, cy: y, r, class: kind });
  const shapes = {
    1: [[-r, -r], [r, -r], [r, r], [-r, r]],
    2: [[0, -r * 1.2], [r * 1.1, r * 0.9], [-r * 1.1, r * 0.9]],
    3: [[0, -r * 1.3], [r * 1.3, 0], [0, r * 1.3], [-r * 1.3, 0]],
    4: [[0, r * 1.2], [r * 1.1, -r * 0.9], [-r * 1.1, -r * 0.9]],
    5: [[-r, -r], [0, -r / 3], [r, -r], [r / 3, 0], [r, r], [0, r / 3], [-r, r], [-r / 3, 0]],
  };
  const corners = shapes[which % LOOKS].map(([dx, dy]) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`).join(" ");
  return element("polygon", { points: corners, class: kind });
}

function namesAtEnds(frame, lines) {
  const ends = lines.map((line) => [line, points(frame, line, line.y).at(-1)?.at(-1)]).filter(([, place]) => place);
  const heights = apart(ends.map(([, [, y]]) => y), LINE, frame.over, frame.under);
  return ends.map(([line, [x, y]], k) => {
    const height = heights[k], far = Math.abs(height - y) > 6 || x < frame.right - 1;
    const d = `M${(x + 6).toFixed(1)} ${y.toFixed(1)}L${(frame.right + 13).toFixed(1)} ${height.toFixed(1)}`;
    const leader = far ? element("path", { d, class: "leader" }) : "";
    return leader + words(line.label, frame.right + 16, height + 4, "words name");
  });
}

function namesAbove(lines) {
  return lines.map((line, k) => {
    const y = 8 + k * LINE, d = `M4 ${y.toFixed(1)}L30 ${y.toFixed(1)}`;
    return element("path", { d, class: `line ${look(line)}` }) + sign(line.look ?? 0, 17, y)
      + words(line.label, 38, y + 4, "words name");
  });
}
