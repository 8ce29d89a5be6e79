// What the marks mean: drawn with the same hand as the picture.
import { coloursOf, drawPerson } from "./colours.js";
import { make } from "./parts.js";
import { say } from "../words.js";

const shapes = () => [
  [say("impact: everything is new and hard"), (brush, c) => drawPerson(brush, c, 9, "impact", 0.4, 2)],
  [say("recoil: coming to terms with what has happened"), (brush, c) => drawPerson(brush, c, 9, "recoil", 0.5, 2)],
  [say("accommodation: has found a way to live with it"), (brush, c) => drawPerson(brush, c, 9, "accommodation", 0.8, 2)],
  [say("the fuller, the more hope"), (brush, c) => { brush.translate(-9, 0); drawPerson(brush, c, 7, "accommodation", 0.15, 2); brush.translate(18, 0); drawPerson(brush, c, 7, "accommodation", 0.95, 2); }],
  [say("thick ring: helper"), (brush, c) => drawPerson(brush, c, 8, "accommodation", 0.7, 3)],
  [say("double ring: organiser"), (brush, c) => drawPerson(brush, c, 8, "accommodation", 0.7, 4)],
  [say("thin ring: learning to help"), (brush, c) => drawPerson(brush, c, 8, "accommodation", 0.7, 5)],
  [say("dashed ring: newcomer"), (brush, c) => drawPerson(brush, c, 8, "recoil", 0.5, 1)],
  [say("pale: not at this week’s meeting"), (brush, c) => { brush.globalAlpha = 0.42; drawPerson(brush, c, 9, "accommodation", 0.7, 2); }],
  [say("arrow between two: help given this week"), (brush, c) => arrow(brush, c.accent, -13, 13, 2.2)],
  [say("thin line: friends; dotted: one has helped the other; dashed: sponsor"), (brush, c) => { brush.translate(0, -7); stroke(brush, c.edge, []); brush.translate(0, 7); stroke(brush, c.edge, [2, 3]); brush.translate(0, 7); stroke(brush, c.edge, [7, 3]); }],
  [say("diamond: in a crisis this week"), (brush, c) => diamond(brush, c.mark)],
  [say("small arrow: leaves at the end of this week"), (brush, c) => arrow(brush, c.ink, -7, 8, 1.5)],
];

const needed = () => [[say("impact: new and hard"), 0], [say("recoil: coming to terms"), 1], [say("accommodation: found a way to live with it"), 2], [say("fuller: more hope"), 3], [say("helper"), 4], [say("paler: absent"), 8], [say("help given"), 9]];

// `strip`: the marks needed most, always seen; `element`: all of them with what they mean.
export function legend(root) {
  const cells = [], all = shapes();
  const row = (text, drawn) => {
    const canvas = make("canvas", { width: 80, height: 56, "aria-hidden": "true" });
    cells.push({ canvas, drawn });
    return make("li", {}, canvas, make("span", {}, text));
  };
  const strip = make("ul", { class: "strip", "aria-label": say("Marks") }, ...needed().map(([text, k]) => row(text, all[k][1])));
  const list = make("ul", { class: "marks" }, ...all.map(([text, drawn]) => row(text, drawn)));
  return {
    strip,
    element: make("details", { class: "legend" }, make("summary", {}, say("What the marks mean")), list),
    recolour() {
      const colours = coloursOf(root);
      for (const { canvas, drawn } of cells) {
        const brush = canvas.getContext("2d");
        brush.setTransform(1, 0, 0, 1, 0, 0);
        brush.globalAlpha = 1;
        brush.clearRect(0, 0, 80, 56);
        brush.setTransform(2, 0, 0, 2, 40, 28);
        drawn(brush, colours);
      }
    },
  };
}

function stroke(brush, colour, dash, from = -15, to = 15, width = 1) {
  brush.strokeStyle = colour;
  brush.setLineDash(dash);
  brush.lineWidth = width;
  brush.beginPath();
  brush.moveTo(from, 0);
  brush.lineTo(to, 0);
  brush.stroke();
  brush.setLineDash([]);
}

function arrow(brush, colour, from, to, width) {
  stroke(brush, colour, [], from, to - 3, width);
  brush.fillStyle = colour;
  brush.beginPath();
  brush.moveTo(to, 0);
  brush.lineTo(to - 7, 4);
  brush.lineTo(to - 7, -4);
  brush.fill();
}

function diamond(brush, colour) {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.moveTo(0, -6);
  brush.lineTo(6, 0);
  brush.lineTo(0, 6);
  brush.lineTo(-6, 0);
  brush.fill();
}
