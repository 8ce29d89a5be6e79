// Where everybody is: once a week who sits and who moves, each frame where those are who move. Nothing is made anew.
export class Places {
  constructor(history) {
    const people = history.about.people.length, most = mostAtOnce(history);
    this.history = history;
    this.x = new Float32Array(people);
    this.y = new Float32Array(people);
    this.here = new Int32Array(people).fill(-1); // the week's number for members of the week
    this.moving = new Int32Array(people).fill(-1); // the same for those who move in it
    this.passing = new Int32Array(people).fill(-1); // the frame's number for those who walk in or out
    this.away = new Uint8Array(people); // has stood up and walks out
    this.restless = new Int32Array(most);
    this.coming = new Int32Array(most);
    this.firm = new Int32Array(history.mostTies);
    this.loose = new Int32Array(history.mostTies);
    this.restlessCount = this.comingCount = this.firmCount = this.looseCount = 0;
    this.week = this.frame = 0;
  }

  isHere = (person) => this.here[person] === this.week && !this.away[person];
  isRestless = (person) => this.moving[person] === this.week;
  isShown = (person) => this.isHere(person) || this.passing[person] === this.frame;

  seatX(row) {
    const group = this.layout.groups[this.history.memberGroup[row]];
    return group.x + group.radius * group.rings.places[2 * this.history.memberSeat[row]];
  }

  seatY(row) {
    const group = this.layout.groups[this.history.memberGroup[row]];
    return group.y + group.radius * group.rings.places[2 * this.history.memberSeat[row] + 1];
  }

  crowdX(person) {
    const { crowd } = this.layout;
    return crowd.x + crowd.w * ((person * 0.618034) % 1);
  }

  crowdY(person) {
    const { crowd } = this.layout;
    return crowd.y + crowd.h * (0.2 + 0.75 * ((person * 0.7548777) % 1));
  }

  // Begin a week: seat everybody, and note who moves in it and whose ties move with them.
  settle(step, walk) {
    const { memberAt, memberPerson, memberNext, memberSince, memberFrom, steps } = this.history;
    this.week += 1;
    this.restlessCount = this.comingCount = 0;
    for (let row = memberAt[step]; row < memberAt[step + 1]; row += 1) {
      const person = memberPerson[row], next = memberNext[row];
      this.x[person] = this.seatX(row);
      this.y[person] = this.seatY(row);
      this.here[person] = this.week;
      this.away[person] = 0;
      const goes = step < steps && (next < 0 || memberSince[next] === step + 1);
      if (goes || step - memberSince[row] + 1 < walk) {
        this.moving[person] = this.week;
        this.restless[this.restlessCount++] = row;
      }
    }
    if (step < steps) {
      for (let row = memberAt[step + 1]; row < memberAt[step + 2]; row += 1) {
        if (memberSince[row] === step + 1 && memberFrom[row] < 0) this.coming[this.comingCount++] = row;
      }
    }
    this.sortTies(step);
  }

  sortTies(step) {
    const { tieAt, tieList, tieSpan } = this.history;
    this.firmCount = this.looseCount = 0;
    for (let k = tieAt[step]; k < tieAt[step + 1]; k += 1) {
      const tie = tieList[k], a = tieSpan[4 * tie], b = tieSpan[4 * tie + 1];
      if (this.here[a] !== this.week || this.here[b] !== this.week || this.groupOf(a) !== this.groupOf(b)) continue;
      if (this.moving[a] === this.week || this.moving[b] === this.week) this.loose[this.looseCount++] = tie;
      else this.firm[this.firmCount++] = tie;
    }
  }

  // Which round somebody sits in, by the seat's place; ties between rounds are not drawn.
  groupOf(person) {
    const { groups } = this.layout;
    for (let g = 0; g < groups.length; g += 1) {
      if (Math.abs(this.x[person] - groups[g].x) <= groups[g].radius && Math.abs(this.y[person] - groups[g].y) <= groups[g].radius) return g;
    }
    return -1;
  }

  // Move those who move to where they are at this moment.
  move(time, step, walk) {
    const { memberPerson, memberNext, memberSince, memberFrom } = this.history;
    this.frame += 1;
    for (let k = 0; k < this.restlessCount; k += 1) {
      const row = this.restless[k], person = memberPerson[row], next = memberNext[row];
      const x = this.seatX(row), y = this.seatY(row), since = time - memberSince[row] + 1;
      this.away[person] = next < 0 && time > step ? 1 : 0;
      if (next >= 0 && memberSince[next] === step + 1 && time > step) this.between(person, x, y, this.seatX(next), this.seatY(next), (time - step) / walk);
      else if (since < walk) {
        const from = memberFrom[row];
        if (from >= 0) this.between(person, this.seatX(from), this.seatY(from), x, y, since / walk);
        else this.between(person, this.crowdX(person), this.crowdY(person), x, y, since / walk);
      } else this.between(person, x, y, x, y, 0);
    }
    if (time <= step) return;
    for (let k = 0; k < this.comingCount; k += 1) {
      const row = this.coming[k], person = memberPerson[row];
      this.between(person, this.crowdX(person), this.crowdY(person), this.seatX(row), this.seatY(row), (time - step) / walk);
      this.passing[person] = this.frame;
    }
  }

  between(person, x, y, toX, toY, part) {
    const u = ease(part);
    this.x[person] = x + u * (toX - x);
    this.y[person] = y + u * (toY - y);
  }

  pass(person, x, y) {
    this.x[person] = x;
    this.y[person] = y;
    this.passing[person] = this.frame;
  }

  // The person shown nearest to a point within reach, or -1.
  nearest(x, y, reach) {
    let best = -1, least = reach * reach;
    for (let person = 0; person < this.x.length; person += 1) {
      if (!this.isShown(person)) continue;
      const away = (this.x[person] - x) ** 2 + (this.y[person] - y) ** 2;
      if (away < least) [best, least] = [person, away];
    }
    return best;
  }
}

function mostAtOnce({ memberAt, steps }) {
  let most = 1;
  for (let step = 0; step <= steps; step += 1) most = Math.max(most, memberAt[step + 1] - memberAt[step]);
  return most;
}

export function ease(u) {
  const x = Math.min(1, Math.max(0, u));
  return x * x * (3 - 2 * x);
}
