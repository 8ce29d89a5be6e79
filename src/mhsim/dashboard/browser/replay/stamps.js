// Pictures of a person by stage, hope, role and presence, drawn once side by side on one sheet and stamped from it.
import { drawPerson } from "./colours.js";

const LEVELS = 9; // from no hope to full
const STAGES = ["impact", "recoil", "accommodation"];
const ROLES = 6;

const MOST_KEPT = 8;
const kept = new Map();

/** Return the sheet for some colours and a size; drawing one takes as long as a whole week, so a few are kept. */
export function stampsOf(colours, radius, ratio) {
  const key = JSON.stringify([colours, radius, ratio]), found = kept.get(key) ?? new Stamps(colours, radius, ratio);
  kept.delete(key);
  kept.set(key, found);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return found;
}

class Stamps {
  constructor(colours, radius, ratio) {
    this.radius = radius;
    this.half = Math.ceil(radius * 1.75 + 2);
    this.cell = 2 * this.half * ratio;
    this.columns = LEVELS * 2;
    this.sheet = document.createElement("canvas");
    this.sheet.width = this.columns * this.cell;
    this.sheet.height = STAGES.length * ROLES * this.cell;
    const brush = this.sheet.getContext("2d");
    for (let stage = 0; stage < STAGES.length; stage += 1) {
      for (let role = 0; role < ROLES; role += 1) {
        for (let level = 0; level < LEVELS; level += 1) {
          for (let there = 0; there < 2; there += 1) {
            const column = 2 * level + there, row = stage * ROLES + role;
            brush.setTransform(ratio, 0, 0, ratio, (column + 0.5) * this.cell, (row + 0.5) * this.cell);
            brush.globalAlpha = 1;
            brush.fillStyle = colours.ground; // hides the empty chair behind somebody paler
            brush.beginPath();
            brush.arc(0, 0, 0.72 * radius, 0, 2 * Math.PI);
            brush.fill();
            brush.globalAlpha = there ? 1 : 0.42;
            drawPerson(brush, colours, radius, STAGES[stage], level / (LEVELS - 1), role);
          }
        }
      }
    }
  }

  stamp(brush, stage, hope, role, there, x, y) {
    const column = 2 * Math.round((hope / 255) * (LEVELS - 1)) + (there ? 1 : 0), row = stage * ROLES + role;
    const { cell, half } = this;
    brush.drawImage(this.sheet, column * cell, row * cell, cell, cell, x - half, y - half, 2 * half, 2 * half);
  }
}
