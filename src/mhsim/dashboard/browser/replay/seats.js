// Who sits where: everybody keeps a seat as long as they stay in a group, and newcomers take the lowest that is free.

// Give every member of every step a seat, the row of the step before and after, and the step since when they sit there.
export function takeSeats(history) {
  const { memberAt, memberPerson, memberGroup, steps } = history;
  const rows = memberPerson.length, people = history.about.people.length, groups = history.about.groups.length;
  history.memberSeat = new Uint16Array(rows);
  history.memberNext = new Int32Array(rows).fill(-1);
  history.memberFrom = new Int32Array(rows).fill(-1);
  history.memberSince = new Int32Array(rows);
  history.mostSeats = new Uint16Array(groups);
  const before = new Int32Array(people).fill(-1);
  const taken = history.about.groups.map(() => []);
  for (let step = 0; step <= steps; step += 1) {
    const first = memberAt[step], end = memberAt[step + 1];
    for (let row = first; row < end; row += 1) {
      const was = before[memberPerson[row]];
      if (was >= 0) history.memberNext[was] = row;
    }
    if (step > 0) leaveSeats(history, step - 1, taken);
    for (let row = first; row < end; row += 1) sit(history, row, step, before[memberPerson[row]], taken);
    if (step > 0) for (let row = memberAt[step - 1]; row < first; row += 1) before[memberPerson[row]] = -1;
    for (let row = first; row < end; row += 1) before[memberPerson[row]] = row;
  }
}

function leaveSeats(history, step, taken) {
  for (let row = history.memberAt[step]; row < history.memberAt[step + 1]; row += 1) {
    const next = history.memberNext[row], group = history.memberGroup[row];
    if (next < 0 || history.memberGroup[next] !== group) taken[group][history.memberSeat[row]] = false;
  }
}

function sit(history, row, step, was, taken) {
  const group = history.memberGroup[row];
  if (was >= 0 && history.memberGroup[was] === group) {
    history.memberSeat[row] = history.memberSeat[was];
    history.memberSince[row] = history.memberSince[was];
    history.memberFrom[row] = history.memberFrom[was];
    return;
  }
  const seats = taken[group];
  let seat = seats.indexOf(false);
  if (seat < 0) seat = seats.length;
  seats[seat] = true;
  history.memberSeat[row] = seat;
  history.memberSince[row] = step === 0 ? -1000 : step;
  history.memberFrom[row] = was;
  history.mostSeats[group] = Math.max(history.mostSeats[group], seats.length);
}

// Places of so many seats within a circle of radius 1, as [x, y, x, y, ...], and the radius of a person there.
export function ringsOf(count) {
  let size = 0.2;
  let rings = fit(size, count);
  while (!rings) {
    size *= 0.96;
    rings = fit(size, count);
  }
  const places = new Float32Array(2 * count);
  let seat = 0;
  for (const { radius, holds } of rings) {
    const here = Math.min(holds, count - seat);
    const stride = strideOf(here);
    for (let k = 0; k < here; k += 1, seat += 1) {
      const angle = -Math.PI / 2 + (2 * Math.PI * ((k * stride) % here)) / here;
      places[2 * seat] = radius * Math.cos(angle);
      places[2 * seat + 1] = radius * Math.sin(angle);
    }
  }
  return { places, size };
}

// Rings from the inner one outwards that hold so many people of this size, or null if they do not fit.
function fit(size, count) {
  const most = count <= 26 ? 1 : 4;
  const rings = [];
  let held = 0;
  for (let radius = 1 - 1.4 * size; rings.length < most && radius > 1.5 * size; radius -= 3.1 * size) {
    const holds = Math.max(1, Math.floor((2 * Math.PI * radius) / (2.9 * size)));
    rings.unshift({ radius, holds });
    held += holds;
    if (held >= count) return rings;
  }
  return null;
}

// A step round the ring that spreads low seats over it, so that few people do not sit in one corner.
function strideOf(holds) {
  let stride = Math.max(1, Math.round(holds * 0.382));
  while (stride > 1 && divisor(stride, holds) > 1) stride -= 1;
  return stride;
}

function divisor(a, b) {
  return b === 0 ? a : divisor(b, a % b);
}
