// The strokes of the picture: lines between people and small marks beside them.
export const TIES = [null, null, [2, 3], [], [7, 3]]; // dashes of help, friend, sponsor

export function tieStyle(brush, colours, kind, strong) {
  brush.strokeStyle = colours.edge;
  brush.setLineDash(TIES[kind]);
  brush.lineWidth = strong ? 1.5 : 0.8;
  brush.globalAlpha = strong ? 0.5 : 0.32;
}

// An arrow head whose point is at x, y, looking along dx, dy.
export function head(brush, x, y, dx, dy, long) {
  brush.beginPath();
  brush.moveTo(x, y);
  brush.lineTo(x - long * dx - 0.55 * long * dy, y - long * dy + 0.55 * long * dx);
  brush.lineTo(x - long * dx + 0.55 * long * dy, y - long * dy - 0.55 * long * dx);
  brush.closePath();
  brush.fill();
}

// A crisis: a diamond at the upper right.
export function diamond(brush, colours, x, y, r) {
  const cx = x + 1.15 * r, cy = y - 1.15 * r, s = Math.max(3.5, 0.5 * r);
  brush.fillStyle = colours.mark;
  brush.strokeStyle = colours.ground;
  brush.lineWidth = 1;
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
export function leaving(brush, colours, x, y, r) {
  brush.fillStyle = brush.strokeStyle = colours.ink;
  brush.lineWidth = 1.5;
  brush.beginPath();
  brush.moveTo(x + 1.1 * r, y + 1.3 * r);
  brush.lineTo(x + 1.9 * r, y + 1.3 * r);
  brush.stroke();
  head(brush, x + 2.4 * r, y + 1.3 * r, 1, 0, Math.max(4, 0.65 * r));
}

export function circled(brush, colour, x, y, radius, width) {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  brush.stroke();
}
