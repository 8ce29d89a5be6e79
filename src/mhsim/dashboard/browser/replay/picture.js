// The moving picture of one history: what is behind is drawn once a week, people and what passes between them each frame.
import { drawBack } from "./background.js";
import { Stamps, coloursOf } from "./colours.js";
import { heightFor, layout, placesOnGrid } from "./layout.js";
import { ATTENDED, CRISIS, NOBODY, STAGE, roleOf } from "./reading.js";

const TIES = [null, null, { dash: [2, 3] }, { dash: [] }, { dash: [7, 3] }]; // help, friend, sponsor

export class Picture {
  constructor(element, history) {
    this.history = history;
    this.element = element;
    this.back = element.appendChild(document.createElement("canvas"));
    this.front = element.appendChild(document.createElement("canvas"));
    this.back.setAttribute("aria-hidden", "true");
    this.front.setAttribute("role", "img");
    this.grid = placesOnGrid(history);
    const people = history.about.people.length;
    this.x = new Float32Array(people);
    this.y = new Float32Array(people);
    this.seen = new Int32Array(people).fill(-1);
    this.room = new Uint8Array(people); // the group that each is in
    this.stamp = 0;
    this.withTies = true;
    this.chosen = -1;
    this.pointed = -1;
    this.shownStep = -1;
  }

  resize() {
    const width = Math.max(280, Math.floor(this.element.clientWidth)), ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    const height = heightFor(width, this.grid.count);
    this.element.style.height = `${height}px`;
    for (const canvas of [this.back, this.front]) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.layout = layout(width, height, this.history, this.grid);
    this.ratio = ratio;
    this.recolour();
  }

  recolour() {
    this.colours = coloursOf(this.element);
    this.stamps = this.layout.groups.map((group) => new Stamps(this.colours, group.size, this.ratio));
    this.walking = new Stamps(this.colours, this.layout.size, this.ratio);
    this.shownStep = -1;
  }

  // Draw the moment `time` (in steps); a walk lasts `walk` steps, and at rest what passed is shown with arrows.
  draw(time, walk, moving) {
    const history = this.history, step = Math.min(history.steps, Math.floor(time));
    if (step !== this.shownStep) {
      drawBack(this.back.getContext("2d"), this.layout, this.colours, history, this.grid, step);
      this.shownStep = step;
    }
    const brush = this.front.getContext("2d");
    brush.clearRect(0, 0, this.layout.width, this.layout.height);
    this.stamp += 1;
    this.place(time, step, walk);
    if (this.withTies) this.drawTies(brush, step);
    this.drawHelp(brush, step, time - step, moving);
    this.drawMembers(brush, step, time, walk);
    this.drawComing(brush, step, time, walk);
    this.drawGoing(brush, step, time, walk);
    this.drawMarked(brush);
  }

  seatX(row) {
    const group = this.layout.groups[this.history.memberGroup[row]];
    return group.x + group.radius * group.rings.places[2 * this.history.memberSeat[row]];
  }

  seatY(row) {
    const group = this.layout.groups[this.history.memberGroup[row]];
    return group.y + group.radius * group.rings.places[2 * this.history.memberSeat[row] + 1];
  }

  // Write down where every member of the step is now.
  place(time, step, walk) {
    const { memberAt, memberPerson, memberNext, memberSince, memberFrom, steps } = this.history;
    for (let row = memberAt[step]; row < memberAt[step + 1]; row += 1) {
      const person = memberPerson[row], next = memberNext[row];
      let x = this.seatX(row), y = this.seatY(row);
      if (next < 0 && time > step && step < steps) continue;
      const gone = time - memberSince[row] + 1;
      if (next >= 0 && memberSince[next] === step + 1 && time > step) {
        const u = ease((time - step) / walk);
        x += u * (this.seatX(next) - x);
        y += u * (this.seatY(next) - y);
      } else if (gone < walk) {
        const u = 1 - ease(gone / walk), from = memberFrom[row];
        x += u * ((from >= 0 ? this.seatX(from) : this.crowdX(person)) - x);
        y += u * ((from >= 0 ? this.seatY(from) : this.crowdY(person)) - y);
      }
      this.put(person, x, y);
      this.room[person] = this.history.memberGroup[row];
    }
  }

  put(person, x, y) {
    this.x[person] = x;
    this.y[person] = y;
    this.seen[person] = this.stamp;
  }

  crowdX(person) {
    const { crowd } = this.layout;
    return crowd.x + crowd.w * ((person * 0.618034) % 1);
  }

  crowdY(person) {
    const { crowd } = this.layout;
    return crowd.y + crowd.h * (0.2 + 0.75 * ((person * 0.7548777) % 1));
  }

  drawMembers(brush, step, time, walk) {
    const { memberAt, memberPerson, memberGroup, memberNext, memberHope, memberFlags, memberLeaving } = this.history;
    const part = time - step;
    for (let row = memberAt[step]; row < memberAt[step + 1]; row += 1) {
      const person = memberPerson[row];
      if (this.seen[person] !== this.stamp) continue;
      const flags = memberFlags[row], next = memberNext[row];
      const hope = next < 0 ? memberHope[row] : memberHope[row] + part * (memberHope[next] - memberHope[row]);
      const stamps = this.stamps[memberGroup[row]];
      this.stampAt(brush, stamps, flags, hope, this.x[person], this.y[person]);
      if (flags & CRISIS) this.drawCrisis(brush, this.x[person], this.y[person], stamps.radius);
      if (memberLeaving[row] && step < this.history.steps) this.drawParting(brush, this.x[person], this.y[person], stamps.radius);
    }
  }

  stampAt(brush, stamps, flags, hope, x, y) {
    const image = stamps.of(flags & STAGE, hope, roleOf(flags), flags & ATTENDED);
    brush.drawImage(image, x - stamps.half, y - stamps.half, 2 * stamps.half, 2 * stamps.half);
  }

  drawComing(brush, step, time, walk) {
    const { memberAt, memberPerson, memberSince, memberFrom, memberHope, memberFlags, memberGroup, steps } = this.history;
    if (time <= step || step >= steps) return;
    const u = ease((time - step) / walk);
    for (let row = memberAt[step + 1]; row < memberAt[step + 2]; row += 1) {
      if (memberSince[row] !== step + 1 || memberFrom[row] >= 0) continue;
      const person = memberPerson[row], x = this.crowdX(person), y = this.crowdY(person);
      this.put(person, x + u * (this.seatX(row) - x), y + u * (this.seatY(row) - y));
      this.stampAt(brush, this.stamps[memberGroup[row]], memberFlags[row] | ATTENDED, memberHope[row], this.x[person], this.y[person]);
    }
  }

  drawGoing(brush, step, time, walk) {
    const { exitAt, exits, memberLeaving, memberPerson, memberFlags, memberHope, doorOfReason } = this.history;
    const first = Math.max(0, Math.floor(time - walk) + 1);
    for (let k = exitAt[first]; k < exitAt[step + 1]; k += 1) {
      const row = exits[k], door = this.layout.doors[doorOfReason[memberLeaving[row]]];
      const left = stepOfExit(exitAt, k, first);
      const u = (time - left) / walk;
      if (u <= 0 || u >= 1 || !door) continue;
      const x = this.seatX(row), y = this.seatY(row), eased = ease(u);
      this.put(memberPerson[row], x + eased * (door.x - x), y + eased * (door.y - y));
      brush.globalAlpha = u < 0.75 ? 1 : (1 - u) * 4;
      this.stampAt(brush, this.walking, (memberFlags[row] & 3) | ATTENDED | (2 << 2), memberHope[row], this.x[memberPerson[row]], this.y[memberPerson[row]]);
      brush.globalAlpha = 1;
    }
  }

  drawTies(brush, step) {
    const { tieAt, tieList, tieKind, tieSpan } = this.history;
    brush.strokeStyle = this.colours.edge;
    for (let kind = 2; kind < TIES.length; kind += 1) {
      for (let strong = 0; strong < 2; strong += 1) {
        brush.beginPath();
        for (let k = tieAt[step]; k < tieAt[step + 1]; k += 1) {
          const tie = tieList[k];
          if ((tieKind[tie] & 15) !== kind || tieKind[tie] >> 4 !== strong) continue;
          const a = tieSpan[4 * tie], b = tieSpan[4 * tie + 1];
          if (this.seen[a] !== this.stamp || this.seen[b] !== this.stamp || this.room[a] !== this.room[b]) continue;
          brush.moveTo(this.x[a], this.y[a]);
          brush.lineTo(this.x[b], this.y[b]);
        }
        brush.setLineDash(TIES[kind].dash);
        brush.lineWidth = strong ? 1.5 : 0.8;
        brush.globalAlpha = strong ? 0.5 : 0.32;
        brush.stroke();
      }
    }
    brush.setLineDash([]);
    brush.globalAlpha = 1;
  }

  // Help of the week: a bright line from who helps; while it moves a spark runs along it, at rest it has an arrow head.
  drawHelp(brush, step, part, moving) {
    const { helpAt, helpPair, steps } = this.history;
    if (step >= steps) return;
    brush.strokeStyle = brush.fillStyle = this.colours.accent;
    brush.lineWidth = 2.2;
    for (let k = helpAt[step]; k < helpAt[step + 1]; k += 1) {
      const a = helpPair[2 * k], b = helpPair[2 * k + 1];
      if (a === NOBODY || b === NOBODY || this.seen[a] !== this.stamp || this.seen[b] !== this.stamp) continue;
      const dx = this.x[b] - this.x[a], dy = this.y[b] - this.y[a], length = Math.hypot(dx, dy) || 1;
      const cut = Math.min(0.4, (this.layout.size * 1.6) / length);
      const from = cut, to = 1 - cut;
      brush.globalAlpha = 0.85;
      brush.beginPath();
      brush.moveTo(this.x[a] + from * dx, this.y[a] + from * dy);
      brush.lineTo(this.x[a] + to * dx, this.y[a] + to * dy);
      brush.stroke();
      const at = moving ? from + (to - from) * part : to;
      this.head(brush, this.x[a] + at * dx, this.y[a] + at * dy, dx / length, dy / length);
    }
    brush.globalAlpha = 1;
  }

  head(brush, x, y, dx, dy) {
    const long = Math.max(5, this.layout.size * 0.75);
    brush.beginPath();
    brush.moveTo(x, y);
    brush.lineTo(x - long * dx - 0.55 * long * dy, y - long * dy + 0.55 * long * dx);
    brush.lineTo(x - long * dx + 0.55 * long * dy, y - long * dy - 0.55 * long * dx);
    brush.closePath();
    brush.fill();
  }

  drawCrisis(brush, x, y, r) {
    brush.fillStyle = this.colours.mark;
    brush.strokeStyle = this.colours.ground;
    brush.lineWidth = 1;
    const cx = x + 1.15 * r, cy = y - 1.15 * r, s = Math.max(3.5, 0.5 * r);
    brush.beginPath();
    brush.moveTo(cx, cy - s);
    brush.lineTo(cx + s, cy);
    brush.lineTo(cx, cy + s);
    brush.lineTo(cx - s, cy);
    brush.closePath();
    brush.fill();
    brush.stroke();
  }

  // Whoever leaves at the end of the week has a small arrow beside the chair.
  drawParting(brush, x, y, r) {
    brush.fillStyle = brush.strokeStyle = this.colours.ink;
    brush.lineWidth = 1.5;
    brush.beginPath();
    brush.moveTo(x + 1.2 * r, y + 1.3 * r);
    brush.lineTo(x + 2.0 * r, y + 1.3 * r);
    brush.stroke();
    brush.beginPath();
    brush.moveTo(x + 2.5 * r, y + 1.3 * r);
    brush.lineTo(x + 1.9 * r, y + 0.95 * r);
    brush.lineTo(x + 1.9 * r, y + 1.65 * r);
    brush.closePath();
    brush.fill();
  }

  drawMarked(brush) {
    for (const person of [this.chosen, this.pointed]) {
      if (person < 0 || this.seen[person] !== this.stamp) continue;
      brush.strokeStyle = this.colours.mark;
      brush.lineWidth = person === this.chosen ? 3 : 2;
      brush.beginPath();
      brush.arc(this.x[person], this.y[person], this.layout.size * 2 + 2, 0, 2 * Math.PI);
      brush.stroke();
    }
  }

  // The person drawn nearest to a point, or -1.
  personAt(x, y, reach = 6) {
    let best = -1, least = (this.layout.size + reach) ** 2;
    for (let person = 0; person < this.x.length; person += 1) {
      if (this.seen[person] !== this.stamp) continue;
      const away = (this.x[person] - x) ** 2 + (this.y[person] - y) ** 2;
      if (away < least) [best, least] = [person, away];
    }
    return best;
  }
}

function stepOfExit(exitAt, exit, first) {
  let step = first;
  while (exitAt[step + 1] <= exit) step += 1;
  return step;
}

function ease(u) {
  const x = Math.min(1, Math.max(0, u));
  return x * x * (3 - 2 * x);
}
