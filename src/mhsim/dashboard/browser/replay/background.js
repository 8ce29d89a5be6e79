// What stands behind the people and changes once a week: the crowd in need, chairs, names of groups, doors with counts.
import { DOORS, roleOf } from "./reading.js";

const AFTER = 40; // steps for which a closed group is still shown

export function drawBack(brush, layout, colours, history, grid, step) {
  brush.clearRect(0, 0, layout.width, layout.height);
  brush.font = `${layout.text}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
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
  const { x, y, w, h } = layout.crowd, room = layout.narrow ? 0.8 : 0.85;
  const gap = Math.max(3.6, Math.min(layout.narrow ? 7 : 15, Math.sqrt((w * h * room * (layout.narrow ? 0.6 : 1)) / Math.max(1, most)) * 0.97));
  const words = `${number} in need,`, more = "in no group";
  brush.fillStyle = colours.quiet;
  brush.textAlign = "left";
  if (layout.narrow) brush.fillText(`${words} ${more}`, x, y + layout.text * 0.6);
  else {
    brush.fillText(words, x, y + layout.text);
    brush.fillText(more, x, y + layout.text * 2.3);
  }
  const top = y + layout.text * (layout.narrow ? 1.6 : 3.6), columns = Math.max(1, Math.floor(w / gap));
  const size = Math.max(1.2, Math.min(3, gap * 0.24));
  brush.globalAlpha = 0.55;
  brush.beginPath();
  for (let k = 0; k < number; k += 1) {
    const px = x + (k % columns) * gap + 2, py = top + Math.floor(k / columns) * gap + 2;
    if (py > y + h - 2) break;
    brush.moveTo(px + size, py);
    brush.arc(px, py, size, 0, 2 * Math.PI);
  }
  brush.fill();
  brush.globalAlpha = 1;
}

function drawDoors(brush, layout, colours, history, step) {
  DOORS.forEach((door, k) => {
    const at = layout.doors[k], count = history.gone[step * DOORS.length + k];
    brush.strokeStyle = brush.fillStyle = count ? colours.ink : colours.edge;
    brush.lineWidth = 1.4;
    brush.strokeRect(at.x - at.w / 2, at.y - at.h / 2, at.w, at.h);
    brush.beginPath();
    brush.arc(at.x + at.w / 4, at.y, 1.3, 0, 2 * Math.PI);
    brush.fill();
    brush.textAlign = "left";
    brush.fillStyle = count ? colours.ink : colours.quiet;
    const left = at.x + at.w / 2 + 7;
    brush.font = `600 ${layout.text}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
    brush.fillText(String(count), left, at.y);
    const wide = brush.measureText(String(count)).width;
    brush.font = `${layout.text}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
    brush.fillText(door.label, left + wide + 6, at.y, at.label - wide - 6);
  });
}

function drawChairs(brush, group, colours, closed) {
  const { places } = group.rings;
  brush.strokeStyle = colours.line;
  brush.lineWidth = 1.2;
  brush.setLineDash(closed ? [2, 3] : []);
  brush.beginPath();
  for (let k = 0; k < places.length; k += 2) {
    const x = group.x + group.radius * places[k], y = group.y + group.radius * places[k + 1], r = group.size * 0.55;
    brush.moveTo(x + r, y);
    brush.arc(x, y, r, 0, 2 * Math.PI);
  }
  brush.stroke();
  brush.setLineDash([]);
}

function drawName(brush, layout, colours, history, g, counts, closed) {
  const group = layout.groups[g], about = history.about.groups[g], size = layout.text;
  const several = history.about.groups.length > 1;
  const name = several ? capital(history.names[g]) : "";
  brush.textAlign = "center";
  brush.fillStyle = colours.ink;
  if (closed) {
    const week = about.closed * history.stepWeeks;
    const lines = wrapped(brush, `${name || "The group"} closed in week ${week}: ${about.words}`, group.radius * 1.5);
    lines.forEach((line, k) => brush.fillText(line, group.x, group.y + (k - (lines.length - 1) / 2) * size * 1.35));
    return;
  }
  const members = plural(counts.members[g], "member", "members");
  const helpers = counts.helpers[g] ? plural(counts.helpers[g], "helper", "helpers") : "no helper";
  const organisers = counts.organisers[g] ? `, ${plural(counts.organisers[g], "organiser", "organisers")}` : "";
  brush.font = `600 ${size}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
  brush.fillText(several ? `${name}: ${members}` : members, group.x, group.top - size * 1.9, group.w);
  brush.font = `${counts.helpers[g] ? "" : "600 "}${size}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
  brush.fillText(helpers + organisers, group.x, group.top - size * 0.7, group.w);
  if (!counts.helpers[g] && counts.members[g]) drawWithout(brush, group, colours);
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

export const plural = (count, one, other) => `${count} ${count === 1 ? one : other}`;
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
