// What stands behind the people and changes once a week: the crowd in need, chairs, names of groups, doors with counts.
import { DOORS, roleOf } from "./reading.js";
import { plural, say } from "../words.js";

const font = (layout, bold) => `${bold ? "600 " : ""}${layout.text}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;

export function drawBack(brush, layout, colours, history, grid, step) {
  brush.clearRect(0, 0, layout.width, layout.height);
  brush.font = font(layout, false);
  brush.textBaseline = "middle";
  drawCrowd(brush, layout, colours, history.outside[step] ?? 0, history.mostOutside);
  drawDoors(brush, layout, colours, history, step);
  const counts = countsOf(history, step);
  history.about.groups.forEach((group, g) => {
    const later = laterInPlace(history, grid, g, step);
    if (step < group.founded || later) return;
    const closed = group.closed !== null && step > group.closed;
    drawChairs(brush, layout.groups[g], colours, closed);
    drawName(brush, layout, colours, history, g, counts, closed);
  });
}

function laterInPlace(history, grid, g, step) {
  return history.about.groups.some(
    (other, k) => k > g && grid.places[k] === grid.places[g] && other.founded <= step,
  );
}

export function countsOf(history, step) {
  const groups = history.about.groups.length;
  const counts = { members: new Uint16Array(groups), helpers: new Uint16Array(groups), organisers: new Uint16Array(groups) };
  for (let row = history.memberAt[step]; row < history.memberAt[step + 1]; row += 1) {
    const g = history.memberGroup[row], role = roleOf(history.memberFlags[row]);
    counts.members[g] += 1;
    if (role === 3) counts.helpers[g] += 1;
    if (role === 4) counts.organisers[g] += 1;
  }
  return counts;
}

function drawCrowd(brush, layout, colours, number, most) {
  const { x, y, w, h } = layout.crowd;
  const top = y + layout.text * (layout.narrow ? 1.6 : 3.6), dot = crowdDot(layout, colours, w, y + h - top, most);
  const words = say("{n} in need,", { n: number });
  const more = dot.each > 1 ? say("in no group (a dot is {n})", { n: dot.each }) : say("in no group");
  brush.fillStyle = colours.quiet;
  brush.textAlign = "left";
  if (layout.narrow) brush.fillText(`${words} ${more}`, x, y + layout.text * 0.6);
  else {
    brush.fillText(words, x, y + layout.text);
    brush.fillText(more, x, y + layout.text * 2.3);
  }
  const { gap, columns } = dot, dots = Math.round(number / dot.each);
  const rows = Math.floor(dots / columns), left = dots - rows * columns;
  brush.save();
  brush.translate(x, top);
  brush.fillStyle = brush.createPattern(dot.canvas, "repeat");
  brush.fillStyle.setTransform(new DOMMatrix([1 / SHARP, 0, 0, 1 / SHARP, 0, 0]));
  brush.fillRect(0, 0, columns * gap, rows * gap);
  brush.fillRect(0, rows * gap, left * gap, gap);
  brush.restore();
}

const SHARP = 2; // dots of the sheet to one of the picture

// One person of the crowd, as large as leaves room for the fullest crowd; a pattern of it is the crowd.
function crowdDot(layout, colours, w, h, most) {
  if (layout.dot?.colour === colours.quiet) return layout.dot;
  const each = (w * h) / Math.max(1, most) < 26 ? 10 : 1, dots = Math.max(1, most / each);
  const wide = Math.max(5, Math.min(layout.narrow ? 8 : 15, 0.94 * Math.sqrt((w * h) / dots)));
  const cell = Math.floor(wide * SHARP), gap = cell / SHARP, columns = Math.max(1, Math.floor(w / gap));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = cell;
  const brush = canvas.getContext("2d");
  brush.fillStyle = colours.quiet;
  brush.globalAlpha = 0.6;
  brush.arc(cell / 2, cell / 2, SHARP * Math.max(1.1, Math.min(3, gap * 0.24)), 0, 2 * Math.PI);
  brush.fill();
  layout.dot = { canvas, each, gap, columns, colour: colours.quiet };
  return layout.dot;
}

function drawDoors(brush, layout, colours, history, step) {
  const counts = DOORS.map((_, k) => String(history.gone[step * DOORS.length + k]));
  brush.textAlign = "left";
  brush.lineWidth = 1.4;
  brush.font = font(layout, true);
  const wide = counts.map((count, k) => {
    const at = layout.doors[k];
    brush.strokeStyle = brush.fillStyle = count === "0" ? colours.edge : colours.ink;
    brush.strokeRect(at.x - at.w / 2, at.y - at.h / 2, at.w, at.h);
    brush.fillRect(at.x + at.w / 4 - 1, at.y - 1, 2.4, 2.4);
    brush.fillStyle = count === "0" ? colours.quiet : colours.ink;
    brush.fillText(count, at.x + at.w / 2 + 7, at.y);
    return brush.measureText(count).width;
  });
  brush.font = font(layout, false);
  DOORS.forEach((door, k) => {
    const at = layout.doors[k];
    brush.fillStyle = counts[k] === "0" ? colours.quiet : colours.ink;
    brush.fillText(door.label(), at.x + at.w / 2 + 13 + wide[k], at.y, at.label - wide[k] - 6);
  });
}

function drawChairs(brush, group, colours, closed) {
  const { places } = group.rings;
  brush.strokeStyle = colours.edge;
  brush.globalAlpha = 0.45;
  brush.lineWidth = 1.2;
  brush.setLineDash(closed ? [2, 3] : []);
  brush.beginPath();
  for (let k = 0; k < places.length; k += 2) {
    const x = group.x + group.radius * places[k], y = group.y + group.radius * places[k + 1], r = group.size * 0.55;
    brush.moveTo(x + r, y);
    brush.arc(x, y, r, 0, 2 * Math.PI);
  }
  brush.stroke();
  brush.globalAlpha = 1;
  brush.setLineDash([]);
}

function drawName(brush, layout, colours, history, g, counts, closed) {
  const group = layout.groups[g], several = history.about.groups.length > 1;
  const name = several ? capital(history.names[g]) : "";
  brush.textAlign = "center";
  brush.fillStyle = colours.ink;
  if (closed) {
    drawClosed(brush, group, colours, history, g, name);
    return;
  }
  const members = plural("{n} member", "{n} members", counts.members[g]);
  const helpers = counts.helpers[g] ? plural("{n} helper", "{n} helpers", counts.helpers[g]) : say("no helper");
  const organisers = counts.organisers[g] && !group.small ? `, ${plural("{n} organiser", "{n} organisers", counts.organisers[g])}` : "";
  drawCalled(brush, group, name, several ? `: ${group.small ? counts.members[g] : members}` : members);
  brush.font = font(group, !counts.helpers[g]);
  brush.fillText(helpers + organisers, group.x, group.top - group.text * 1.05, roomOf(group));
  if (!counts.helpers[g] && counts.members[g]) drawWithout(brush, group, colours);
}

const roomOf = (group) => group.w - 4; // so that neighbours do not touch

const short = (name) => capital(name.replace(/^The /, "").replace(/ group$/, ""));

// The name with what stands behind it, shorter where it would come close to a neighbour's; that of a small group on
// two lines, with a short day, if it must.
function drawCalled(brush, group, name, tail) {
  brush.font = font(group, true);
  const whole = brush.measureText(name + tail).width < group.w - 20 ? name : short(name);
  const lines = group.small ? fitted(brush, name, tail, roomOf(group)) : [whole + tail];
  lines.forEach((line, k) => brush.fillText(line, group.x, group.top - group.text * (1.1 + 1.2 * (lines.length - k)), roomOf(group)));
}

// The first way to write a name that has room, or else the narrowest.
function fitted(brush, name, tail, room) {
  const plain = short(name);
  let narrowest = Infinity, found = [];
  for (const text of [plain, plain.replace(/^([A-Z][a-z]{2})[a-z]*day\b/, "$1")]) {
    const words = text.split(" ");
    for (let k = words.length; k > 0; k -= 1) {
      const lines = [words.slice(0, k).join(" "), words.slice(k).join(" ")].filter(Boolean);
      lines.push(lines.pop() + tail);
      const width = Math.max(...lines.map((line) => brush.measureText(line).width));
      if (width < narrowest) [narrowest, found] = [width, lines];
      if (width <= room) return lines;
    }
  }
  return found;
}

// A closed group keeps its place for a while, and says when and why it closed.
function drawClosed(brush, group, colours, history, g, name) {
  const about = history.about.groups[g], week = about.closed * history.stepWeeks;
  if (group.small) {
    brush.fillStyle = colours.quiet;
    drawCalled(brush, group, name, "");
  }
  brush.font = font(group, false);
  const told = group.small ? say("closed, week {week}: {why}", { week, why: about.words })
    : say("{group} closed at the end of week {week}: {why}", { group: name || say("The group"), week, why: about.words });
  const lines = wrapped(brush, told, group.small ? roomOf(group) : group.radius * 1.5);
  lines.forEach((line, k) => brush.fillText(line, group.x, group.y + (k - (lines.length - 1) / 2) * group.text * 1.35, roomOf(group)));
}

// A group without helpers has a dashed ring round it.
function drawWithout(brush, group, colours) {
  brush.strokeStyle = colours.mark;
  brush.lineWidth = 1.6;
  brush.setLineDash([5, 5]);
  brush.beginPath();
  brush.arc(group.x, group.y, group.radius, 0, 2 * Math.PI);
  brush.stroke();
  brush.setLineDash([]);
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function wrapped(brush, text, width) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && brush.measureText(`${line} ${word}`).width > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
