// The colours of the page as the canvas needs them, and how a person is drawn.
const NAMES = {
  ground: "--raised", ink: "--ink", quiet: "--quiet", line: "--line", edge: "--edge", accent: "--accent",
  impact: "--stage-impact", recoil: "--stage-recoil", accommodation: "--stage-accommodation", helper: "--helper", mark: "--mark",
};

export function coloursOf(element) {
  const style = getComputedStyle(element);
  const found = {};
  for (const [name, variable] of Object.entries(NAMES)) found[name] = style.getPropertyValue(variable).trim() || "#555";
  return found;
}

export function drawPerson(brush, colours, radius, stage, hope, role) {
  const colour = colours[stage], r = radius;
  outline(brush, stage, r);
  brush.fillStyle = colours.ground;
  brush.fill();
  brush.save();
  outline(brush, stage, r);
  brush.clip();
  brush.fillStyle = colour;
  brush.fillRect(-1.3 * r, r - 2 * r * hope, 2.6 * r, 2 * r * hope);
  brush.restore();
  outline(brush, stage, r);
  brush.strokeStyle = colour;
  brush.lineWidth = Math.max(1.2, r * 0.17);
  brush.lineJoin = "round";
  brush.stroke();
  drawRole(brush, colours, r, role);
}

function outline(brush, stage, r) {
  brush.beginPath();
  if (stage === "impact") {
    brush.moveTo(0, -1.08 * r);
    brush.lineTo(1.06 * r, 0.85 * r);
    brush.lineTo(-1.06 * r, 0.85 * r);
    brush.closePath();
  } else if (stage === "recoil") brush.rect(-0.86 * r, -0.86 * r, 1.72 * r, 1.72 * r);
  else brush.arc(0, 0, r, 0, 2 * Math.PI);
}

function drawRole(brush, colours, r, role) {
  brush.strokeStyle = colours.helper;
  if (role === 3 || role === 4) {
    brush.lineWidth = role === 3 ? Math.max(2, r * 0.25) : Math.max(1.1, r * 0.1);
    ring(brush, 1.5 * r);
    if (role === 4) ring(brush, 1.28 * r);
  } else if (role === 5) {
    brush.lineWidth = Math.max(1.1, r * 0.1);
    ring(brush, 1.45 * r);
  } else if (role < 2) {
    brush.lineWidth = Math.max(1, r * 0.11);
    brush.strokeStyle = colours.quiet;
    brush.setLineDash([r * 0.35, r * 0.3]);
    ring(brush, 1.45 * r);
    brush.setLineDash([]);
  }
}

function ring(brush, radius) {
  brush.beginPath();
  brush.arc(0, 0, radius, 0, 2 * Math.PI);
  brush.stroke();
}
