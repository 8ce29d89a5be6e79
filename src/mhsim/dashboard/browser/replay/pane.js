// One history in its pane: the picture, who is under the pointer, and a list by which everybody can be reached.
import { make, fresh } from "./parts.js";
import { Picture } from "./picture.js";
import { STAGE, roleOf } from "./reading.js";
import { say } from "../words.js";

const titleOf = (label) => ({ A: say("A: the group today"), B: say("B: what if") })[label] ?? label;

export function pane(history, which, several, open, clock, canvases) {
  const stage = make("div", { class: "stage", tabindex: "0", role: "group", "aria-label": say("Moving picture {label}. Space plays and pauses, arrow keys go a week back or on.", { label: several ? history.label : "" }).replace(" .", ".") });
  const tip = make("div", { class: "tip", "aria-hidden": "true" });
  tip.hidden = true;
  const select = make("select", { id: fresh("people") });
  const opens = make("button", { type: "button", class: "button" }, say("Show this life"));
  const list = make("div", { class: "people" }, make("label", { for: select.id }, several ? say("People this week in {label}", { label: history.label }) : say("People this week")), select, opens);
  const caption = make("figcaption", { class: "pane-name" }, several ? titleOf(history.label) : "");
  caption.hidden = !several;
  const element = make("figure", { class: "pane" }, caption, stage, list);
  const picture = new Picture(stage, history, canvases);
  stage.append(tip);
  let rows = [], listed = -1;

  const describe = (row) => wordsFor(history, row);
  const rowOf = (person, step) => findRow(history, person, step);
  const stepNow = () => Math.min(history.steps, Math.floor(clock.shown / history.stepWeeks + 1e-9));

  function point(event) {
    const box = stage.getBoundingClientRect();
    const person = picture.personAt(event.clientX - box.left, event.clientY - box.top, event.pointerType === "touch" ? 14 : 6);
    if (person === picture.pointed) return person;
    picture.pointed = person;
    showTip(person);
    if (!clock.running) redraw();
    return person;
  }

  function showTip(person) {
    const row = person < 0 ? -1 : rowOf(person, stepNow());
    tip.hidden = person < 0;
    if (tip.hidden) return;
    tip.textContent = row < 0 ? history.about.called[person] : describe(row);
    const x = picture.places.x[person], left = Math.min(Math.max(0, x - 110), Math.max(0, picture.layout.width - 220));
    tip.style.left = `${left}px`;
    tip.style.top = `${Math.max(0, picture.places.y[person] - picture.layout.size * 2.4 - 34)}px`;
  }

  function redraw() {
    picture.draw(clock.shown / history.stepWeeks, clock.walk / history.stepWeeks, clock.running);
  }

  function choose(person) {
    if (person < 0) return;
    open(which, history.about.people[person]);
  }

  stage.addEventListener("pointermove", point);
  stage.addEventListener("pointerleave", () => {
    picture.pointed = -1;
    tip.hidden = true;
    if (!clock.running) redraw();
  });
  stage.addEventListener("click", (event) => choose(point(event)));
  select.addEventListener("change", () => {
    picture.pointed = history.memberPerson[rows[select.selectedIndex]] ?? -1;
    showTip(picture.pointed);
    if (!clock.running) redraw();
  });
  select.addEventListener("keydown", (event) => {
    if (event.key === "Enter") choose(history.memberPerson[rows[select.selectedIndex]] ?? -1);
  });
  select.addEventListener("focus", () => clock.playing && clock.pause());
  opens.addEventListener("click", () => choose(history.memberPerson[rows[select.selectedIndex]] ?? -1));

  return {
    element, picture, history, redraw, stepNow,
    get members() {
      const step = stepNow();
      return history.memberAt[step + 1] - history.memberAt[step];
    },
    // Fill the list of people of the week; not while it plays.
    list() {
      const step = stepNow();
      if (step === listed) return;
      listed = step;
      const kept = rows.length ? history.memberPerson[rows[select.selectedIndex]] : picture.chosen;
      rows = [];
      for (let row = history.memberAt[step]; row < history.memberAt[step + 1]; row += 1) rows.push(row);
      rows.sort((a, b) => history.memberGroup[a] - history.memberGroup[b] || rank(history, b) - rank(history, a) || a - b);
      select.replaceChildren(...(rows.length ? rows.map((row) => make("option", {}, describe(row))) : [make("option", {}, say("nobody"))]));
      select.disabled = opens.disabled = !rows.length;
      const again = rows.findIndex((row) => history.memberPerson[row] === kept);
      select.selectedIndex = Math.max(0, again);
    },
    mark(person) {
      picture.chosen = person === null ? -1 : history.about.people.indexOf(person);
      const place = rows.findIndex((row) => history.memberPerson[row] === picture.chosen);
      if (place >= 0) select.selectedIndex = place;
    },
  };
}

const rank = (history, row) => roleOf(history.memberFlags[row]);

function findRow(history, person, step) {
  for (let row = history.memberAt[step]; row < history.memberAt[step + 1]; row += 1) {
    if (history.memberPerson[row] === person) return row;
  }
  return -1;
}

function wordsFor(history, row) {
  const { about, memberFlags, memberPerson, memberGroup } = history, flags = memberFlags[row];
  const name = roleName(about, flags);
  const group = about.groups.length > 1 ? `, ${history.names[memberGroup[row]]}` : "";
  const stage = about.sentences[`stage.${about.stages[flags & STAGE]}`];
  return say("{who}: {role}, in {stage}", { who: about.called[memberPerson[row]], role: `${name}${nextRole(history, row)}`, stage }) + group;
}

// A role taken or given up in a week is held, or no longer held, from the next.
function nextRole(history, row) {
  const next = history.memberNext[row];
  if (next < 0 || roleOf(history.memberFlags[next]) === roleOf(history.memberFlags[row])) return "";
  return ` (${say("{role} from next week on", { role: roleName(history.about, history.memberFlags[next]) })})`;
}

function roleName({ roles, sentences }, flags) {
  const role = roles[roleOf(flags)];
  return role === "none" ? sentences["role.newcomer"] : sentences[`role.${role}`];
}
