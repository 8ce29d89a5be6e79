// Where things are in the picture, in CSS pixels: the crowd, the groups on a grid, the doors.
import { DOORS } from "./reading.js";
import { ringsOf } from "./seats.js";

const NARROW = 620;
const LINGER = 40; // steps that a closed group keeps its place before another may have it

// Which place on the grid each group has; a place is free again some time after its group has closed.
export function placesOnGrid(history) {
  const until = [];
  const places = history.about.groups.map((group) => {
    let place = until.findIndex((end) => end <= group.founded);
    if (place < 0) place = until.length;
    until[place] = group.closed === null ? Infinity : group.closed + LINGER;
    return place;
  });
  return { places, count: until.length, used: placesUsed(history, places) };
}

// How many places are needed by each step: those of all groups founded so far or in the next step.
function placesUsed(history, places) {
  const used = new Uint8Array(history.steps + 1);
  history.about.groups.forEach((group, g) => {
    for (let step = Math.max(0, group.founded - 1); step <= history.steps; step += 1) used[step] = Math.max(used[step], places[g] + 1);
  });
  return used;
}

export function heightFor(width, count) {
  if (width < NARROW) {
    const columns = narrowColumns(count);
    return Math.round(60 + Math.ceil(Math.max(1, count) / columns) * Math.min(width / columns + 34, 420) + 4 * 26 + 10);
  }
  return Math.round(Math.min(620, Math.max(340, width * (count > 2 ? 0.5 : 0.42))));
}

// How large words are on this page, measured by what browsers take as usual.
const sizeOfWords = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;

// The layout for so many places; few groups at first have more room than many later.
export function layout(width, height, history, grid, count) {
  const narrow = width < NARROW, text = Math.round((width > 1300 ? 16 : width < 420 ? 12 : 13) * sizeOfWords());
  const found = narrow ? narrowZones(width, height, text) : wideZones(width, height, text);
  found.text = text;
  found.narrow = narrow;
  found.width = width;
  found.height = height;
  const columns = columnsFor(found.room.w, found.room.h, count), rows = Math.ceil(Math.max(1, count) / columns);
  const w = found.room.w / columns, h = found.room.h / rows, small = w < 11.5 * text;
  found.groups = history.about.groups.map((_, g) => {
    const column = grid.places[g] % columns, row = Math.floor(grid.places[g] / columns);
    const caption = text * (small ? 4.1 : 3.3); // a small group has its name on two lines of smaller words
    const radius = Math.max(20, Math.min(w / 2 - (narrow ? 9 : 4), (h - caption) / 2 - 2));
    const x = found.room.x + (column + 0.5) * w, y = found.room.y + row * h + caption + (h - caption) / 2;
    const rings = ringsOf(Math.max(6, history.mostSeats[g]));
    return { x, y, radius, top: y - radius, left: x - w / 2, w, small, text: small ? text * 0.88 : text, rings, size: Math.min(rings.size * radius, 20) };
  });
  const here = found.groups.filter((_, g) => grid.places[g] < count);
  found.size = Math.min(20, ...here.map((group) => group.size));
  for (const group of found.groups) group.size = found.size;
  return found;
}

const narrowColumns = (count) => (count < 2 ? 1 : count < 5 ? 2 : 3);

function columnsFor(w, h, count) {
  let best = 1, side = 0; // also where there is no group at all
  for (let columns = 1; columns <= count; columns += 1) {
    const cell = Math.min(w / columns, h / Math.ceil(count / columns) - 30);
    if (cell > side) [best, side] = [columns, cell];
  }
  return best;
}

function wideZones(width, height, text) {
  const crowd = { x: 8, y: 0, w: Math.max(86, width * 0.12), h: height };
  const doorsWide = 40 + text * 13.5;
  const each = Math.min(52, (height - 40) / DOORS.length), first = (height - each * DOORS.length) / 2 + 10;
  const doors = DOORS.map((_, k) => ({ x: width - doorsWide + 10, y: first + (k + 0.5) * each, w: 13, h: 20, label: doorsWide - 34 }));
  return { crowd, room: { x: crowd.x + crowd.w + 6, y: 4, w: width - crowd.w - doorsWide - 20, h: height - 8 }, doors };
}

function narrowZones(width, height, text) {
  const crowd = { x: 6, y: 4, w: width - 12, h: 46 };
  const first = height - Math.ceil(DOORS.length / 2) * 26 - 2;
  const doors = DOORS.map((_, k) => ({ x: 14 + (k % 2) * width * 0.55, y: first + (Math.floor(k / 2) + 0.5) * 26, w: 10, h: 16, label: width * (k % 2 ? 0.45 : 0.55) - 32 }));
  return { crowd, room: { x: 0, y: 52, w: width, h: first - 56 }, doors, text };
}
