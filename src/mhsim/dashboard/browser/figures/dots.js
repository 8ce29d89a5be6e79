// A hundred dots: how many of a hundred, so that it can be seen and counted.
import { drawing, element } from "./canvas.js";

const IN_A_ROW = 10, APART = 20, RADIUS = 7, HUNDRED = 100;

/** Return a picture of a hundred dots, so many of them filled and the others hollow; `look` is 0 for A, 1 for B. */
export function dots(count, { title, describe, look = 0, inRow = IN_A_ROW }) {
  const filled = Math.round(count), inside = Array.from({ length: HUNDRED }, (_, k) => element("circle", {
    cx: APART / 2 + APART * (k % inRow), cy: APART / 2 + APART * Math.floor(k / inRow), r: RADIUS,
    class: k < filled ? `dot there look-${look}` : "dot gone",
  }));
  return drawing(APART * inRow, APART * Math.ceil(HUNDRED / inRow), title, describe, inside, "dots");
}
