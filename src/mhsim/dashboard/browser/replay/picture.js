// The moving picture of one history. What keeps still for a week is drawn once a week; what moves, each frame.
import { drawBack } from "./background.js";
import { coloursOf } from "./colours.js";
import { heightFor, layout, placesOnGrid } from "./layout.js";
import { TIES, circled, diamond, head, leaving, tieStyle } from "./marks.js";
import { Places, ease } from "./places.js";
import { ATTENDED, CRISIS, NOBODY, STAGE, roleOf } from "./reading.js";
import { stampsOf } from "./stamps.js";

export class Picture {
  // `canvases` are those of a picture that ends, of whose size the new one is likely to be: new ones take longer.
  constructor(element, history, canvases) {
    this.history = history;
    this.element = element;
    [this.back, this.front] = canvases ?? [document.createElement("canvas"), document.createElement("canvas")];
    element.append(this.back, this.front);
    this.back.setAttribute("aria-hidden", "true");
    this.front.setAttribute("role", "img");
    this.grid = placesOnGrid(history);
    this.places = new Places(history);
    this.withTies = true;
    this.chosen = -1;
    this.pointed = -1;
  }

  resize() {
    const width = Math.max(280, Math.floor(this.element.clientWidth)), ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    const height = heightFor(width, this.grid.count);
    if (this.layout?.width === width && this.ratio === ratio) return;
    this.element.style.height = `${height}px`;
    for (const canvas of [this.back, this.front]) {
      const wide = Math.floor(width * ratio), high = Math.floor(height * ratio);
      if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.layout = layout(width, height, this.history, this.grid, this.grid.used[0]);
    this.ratio = ratio;
    this.recolour();
  }

  // Take the layout for the groups there are by this step, with people drawn in its size.
  arrange(step) {
    const count = this.grid.used[step];
    if (!this.layouts.has(count)) {
      const made = layout(this.layout.width, this.layout.height, this.history, this.grid, count);
      this.layouts.set(count, { made, stamps: stampsOf(this.colours, made.size, this.ratio) });
    }
    const { made, stamps } = this.layouts.get(count);
    this.layout = this.places.layout = made;
    this.stamps = stamps;
  }

  recolour() {
    this.colours = coloursOf(this.element);
    this.layouts = new Map();
    this.changed();
  }

  // The next frame draws the week again.
  changed() {
    this.shown = "";
  }

  // Draw the moment `time` (in steps); a walk lasts `walk` steps, and at rest help passed is shown with arrows.
  draw(time, walk, moving) {
    const step = Math.min(this.history.steps, Math.floor(time)), key = `${step} ${walk}`;
    if (key !== this.shown) {
      this.shown = key;
      this.drawWeek(step, walk);
    }
    const brush = this.front.getContext("2d"), { places } = this;
    brush.clearRect(0, 0, this.layout.width, this.layout.height);
    places.move(time, step, walk);
    if (this.withTies) this.drawTies(brush, places.loose, places.looseCount, true);
    this.drawHelp(brush, step, time - step, moving);
    for (let k = 0; k < places.restlessCount; k += 1) {
      const row = places.restless[k];
      if (!places.away[this.history.memberPerson[row]]) this.drawMember(brush, row, step);
    }
    this.drawComing(brush, step, time);
    this.drawGoing(brush, step, time, walk);
    this.drawMarked(brush);
  }

  drawWeek(step, walk) {
    const brush = this.back.getContext("2d"), { history, places } = this;
    this.arrange(step);
    places.settle(step, walk);
    drawBack(brush, this.layout, this.colours, history, this.grid, step);
    if (this.withTies) this.drawTies(brush, places.firm, places.firmCount, false);
    for (let row = history.memberAt[step]; row < history.memberAt[step + 1]; row += 1) {
      if (!places.isRestless(history.memberPerson[row])) this.drawMember(brush, row, step);
    }
  }

  drawMember(brush, row, step) {
    const { memberPerson, memberHope, memberFlags, memberLeaving, steps } = this.history;
    const person = memberPerson[row], x = this.places.x[person], y = this.places.y[person];
    this.stamp(brush, memberFlags[row], memberHope[row], x, y);
    if (memberFlags[row] & CRISIS) diamond(brush, this.colours, x, y, this.stamps.radius);
    if (memberLeaving[row] && step < steps) leaving(brush, this.colours, x, y, this.stamps.radius);
  }

  stamp(brush, flags, hope, x, y) {
    this.stamps.stamp(brush, flags & STAGE, hope, roleOf(flags), flags & ATTENDED, x, y);
  }

  drawComing(brush, step, time) {
    const { memberPerson, memberHope, memberFlags } = this.history, { places } = this;
    if (time <= step) return;
    for (let k = 0; k < places.comingCount; k += 1) {
      const row = places.coming[k], person = memberPerson[row];
      this.stamp(brush, memberFlags[row] | ATTENDED, memberHope[row], places.x[person], places.y[person]);
    }
  }

  // Whoever left walks to the door of the reason and fades there.
  drawGoing(brush, step, time, walk) {
    const { exitAt, exits, memberLeaving, memberPerson, memberFlags, memberHope, doorOfReason } = this.history;
    for (let left = Math.max(0, Math.floor(time - walk) + 1); left <= step; left += 1) {
      const u = (time - left) / walk;
      if (u <= 0 || u >= 1) continue;
      for (let k = exitAt[left]; k < exitAt[left + 1]; k += 1) {
        const row = exits[k], door = this.layout.doors[doorOfReason[memberLeaving[row]]];
        if (!door) continue;
        const person = memberPerson[row], x = this.places.seatX(row), y = this.places.seatY(row), eased = ease(u);
        this.places.pass(person, x + eased * (door.x - x), y + eased * (door.y - y));
        brush.globalAlpha = u < 0.75 ? 1 : (1 - u) * 4;
        this.stamp(brush, (memberFlags[row] & STAGE) | ATTENDED | (2 << 2), memberHope[row], this.places.x[person], this.places.y[person]);
        brush.globalAlpha = 1;
      }
    }
  }

  drawTies(brush, list, count, moving) {
    if (!count) return;
    const { tieKind, tieSpan } = this.history, { x, y, away } = this.places;
    for (let style = 4; style < 2 * TIES.length; style += 1) {
      const kind = style >> 1, strong = style & 1;
      brush.beginPath();
      for (let k = 0; k < count; k += 1) {
        const tie = list[k];
        if (tieKind[tie] !== (kind | (strong << 4))) continue;
        const a = tieSpan[4 * tie], b = tieSpan[4 * tie + 1];
        if (moving && (away[a] || away[b])) continue;
        brush.moveTo(x[a], y[a]);
        brush.lineTo(x[b], y[b]);
      }
      tieStyle(brush, this.colours, kind, strong);
      brush.stroke();
    }
    brush.setLineDash([]);
    brush.globalAlpha = 1;
  }

  // Help of the week: a bright line from who helps; while it moves an arrow head runs along it, at rest it has arrived.
  drawHelp(brush, step, part, moving) {
    const { helpAt, helpPair, steps } = this.history, { x, y } = this.places;
    if (step >= steps) return;
    brush.strokeStyle = brush.fillStyle = this.colours.accent;
    brush.lineWidth = 2.2;
    brush.globalAlpha = 0.85;
    for (let k = helpAt[step]; k < helpAt[step + 1]; k += 1) {
      const a = helpPair[2 * k], b = helpPair[2 * k + 1];
      if (a === NOBODY || b === NOBODY || !this.places.isHere(a) || !this.places.isHere(b)) continue;
      const dx = x[b] - x[a], dy = y[b] - y[a], length = Math.hypot(dx, dy) || 1;
      const from = Math.min(0.4, (this.layout.size * 1.6) / length), to = 1 - from;
      brush.beginPath();
      brush.moveTo(x[a] + from * dx, y[a] + from * dy);
      brush.lineTo(x[a] + to * dx, y[a] + to * dy);
      brush.stroke();
      const at = moving ? from + (to - from) * part : to;
      head(brush, x[a] + at * dx, y[a] + at * dy, dx / length, dy / length, Math.max(5, this.layout.size * 0.75));
    }
    brush.globalAlpha = 1;
  }

  drawMarked(brush) {
    for (const person of [this.chosen, this.pointed]) {
      if (person < 0 || !this.places.isShown(person)) continue;
      const width = person === this.chosen ? 3 : 2;
      const x = this.places.x[person], y = this.places.y[person], reach = this.layout.size * 2 + 2;
      circled(brush, this.colours.mark, x, y, reach, width);
      if (person === this.chosen) this.drawCalled(brush, person, x, y, reach);
    }
  }

  // The name of the person whose life is read, on a patch of ground so that lines do not cross it.
  drawCalled(brush, person, x, y, reach) {
    const { text, width, height } = this.layout, name = this.history.about.called[person];
    brush.font = `600 ${text}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
    brush.textAlign = "center";
    brush.textBaseline = "middle";
    const wide = brush.measureText(name).width + 8;
    const cx = Math.min(width - wide / 2, Math.max(wide / 2, x)), below = y + reach + text * 1.4 < height;
    const cy = below ? y + reach + text * 0.75 : y - reach - text * 0.75;
    brush.fillStyle = this.colours.ground;
    brush.fillRect(cx - wide / 2, cy - text * 0.65, wide, text * 1.3);
    brush.fillStyle = this.colours.mark;
    brush.fillText(name, cx, cy);
  }

  personAt(x, y, reach) {
    return this.places.nearest(x, y, this.layout.size + reach);
  }
}
