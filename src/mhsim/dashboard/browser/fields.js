// Labelled native inputs: sliders that speak while they move, numbers, switches, choices, text.
import { written } from "./words.js";

const PAUSE = 100; // milliseconds between two passing values of a moving slider
const REST = 400; // milliseconds after the last key press on a slider until its value is final
const SINGULAR = {
  people: "person", helpers: "helper", members: "member", weeks: "week", years: "year", groups: "group",
  "times a year": "time a year",
  Menschen: "Mensch", Mitglieder: "Mitglied", Helfende: "helfende Person", Wochen: "Woche", Gruppen: "Gruppe",
};
const FIRST = 2; // the legend and the line about the group come before the inputs

export function render({ model, el }) {
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  const about = document.createElement("p");
  about.className = "about";
  group.append(legend, about);
  el.append(group);
  const rows = new Map();

  function draw() {
    group.className = `fields ${model.get("look")}`;
    legend.textContent = model.get("legend");
    about.textContent = model.get("about");
    about.hidden = !model.get("about");
    const fields = model.get("fields");
    const kept = new Set(fields.map(identity));
    for (const [name, row] of rows) {
      if (!kept.has(name)) {
        row.element.remove();
        rows.delete(name);
      }
    }
    for (const [position, field] of fields.entries()) {
      const name = identity(field);
      if (!rows.has(name)) rows.set(name, makeRow(field, tell));
      const row = rows.get(name);
      row.show(field);
      // An input that is moved in the page loses the focus, so one that stands in its place stays there.
      const place = group.children[FIRST + position];
      if (place !== row.element) group.insertBefore(row.element, place ?? null);
    }
  }

  // While a final value is on its way the page is marked as working: what else it shows is of the value before.
  let sent = model.get("heard");
  let last = 0; // the number of the latest final value that was sent
  function tell(name, value, final) {
    sent += 1;
    if (final) {
      last = sent;
      working(true);
    }
    model.send({ name, value, final });
  }
  function heard() {
    if (model.get("heard") < last) return;
    working(false);
    for (const row of rows.values()) row.settle();
  }

  model.on("change:heard", heard);
  model.on("change", draw);
  draw();
  return () => {
    working(false);
    model.off("change:heard", heard);
    model.off("change", draw);
  };
}

function working(is) {
  document.documentElement.classList.toggle("working", is);
}

function identity(field) {
  return `${field.kind} ${field.name}`;
}

let counted = 0;

function makeRow(field, tell) {
  const id = `field-${field.name.replaceAll(".", "-")}-${(counted += 1)}`;
  const element = document.createElement("div");
  element.className = `field ${field.kind}`;
  const label = document.createElement("label");
  label.htmlFor = id;
  const input = field.kind === "choice" ? document.createElement("select") : document.createElement("input");
  input.id = id;
  input.dataset.name = field.name;
  const output = document.createElement("output");
  output.htmlFor = id;
  const help = makeHelp();
  if (field.kind === "switch") input.type = "checkbox";
  else if (field.kind !== "choice") input.type = { range: "range", number: "number", text: "text" }[field.kind];
  if (field.kind === "switch") element.append(input, label, help.element);
  else element.append(label, field.kind === "range" ? output : "", input, help.element);
  let current = field;
  let sent = 0;
  let timer = null;
  let resting = null;
  let moving = false;
  let awaited = null;
  let byKey = false;

  function read() {
    if (current.kind === "switch") return input.checked;
    if (current.kind === "range" || current.kind === "number") return Number(input.value);
    if (current.kind === "choice") return current.choices[input.selectedIndex][0];
    return input.value;
  }

  function speak() {
    const text = inWords(current, read());
    output.textContent = text;
    if (current.kind === "range") input.setAttribute("aria-valuetext", text);
  }

  input.addEventListener("input", () => {
    speak();
    if (current.kind !== "range") return;
    moving = true;
    clearTimeout(timer);
    const wait = Math.max(0, PAUSE - (Date.now() - sent));
    timer = setTimeout(() => {
      sent = Date.now();
      tell(current.name, read(), false);
    }, wait);
  });
  // Keys pressed one after the other on a slider are one movement: its last value alone is final.
  input.addEventListener("keydown", () => (byKey = true));
  input.addEventListener("pointerdown", () => (byKey = false));
  input.addEventListener("blur", () => resting !== null && final());
  input.addEventListener("change", () => {
    clearTimeout(resting);
    if (current.kind === "range" && byKey) resting = setTimeout(final, REST);
    else final();
  });

  function final() {
    clearTimeout(timer);
    clearTimeout(resting);
    resting = null;
    moving = false;
    if (current.kind === "number" && (input.value === "" || !input.checkValidity())) {
      input.reportValidity();
      return;
    }
    speak();
    if (current.kind === "range") awaited = read();
    tell(current.name, read(), true);
  }

  // An answer to an earlier value, come while a later one is on its way, would throw a pressed key's step back; only
  // when the server has heard the latest is what it says shown.
  function stale(next) {
    if (awaited === null || next.value === awaited) {
      awaited = null;
      return false;
    }
    return true;
  }

  return {
    element,
    settle() {
      if (awaited === null || moving) return;
      awaited = null;
      put(input, current);
      speak();
    },
    show(next) {
      current = next;
      label.textContent = next.label;
      help.show(next);
      if (next.kind === "choice") fillChoices(input, next);
      if (next.kind === "range" || next.kind === "number") {
        for (const [name, value] of [["min", next.low], ["max", next.high], ["step", next.step ?? "any"]]) {
          if (value !== null) input[name] = value;
        }
      }
      const editing = moving || (document.activeElement === input && ["text", "number"].includes(next.kind));
      if (!editing && !stale(next)) put(input, next);
      speak();
    },
  };
}

function put(input, field) {
  if (field.kind === "switch") input.checked = field.value;
  else if (field.kind === "choice") input.selectedIndex = field.choices.findIndex(([value]) => value === field.value);
  else input.value = field.value;
}

function fillChoices(select, field) {
  const wanted = JSON.stringify(field.choices);
  if (select.dataset.choices === wanted) return;
  select.dataset.choices = wanted;
  select.replaceChildren(
    ...field.choices.map(([, text]) => {
      const option = document.createElement("option");
      option.textContent = text;
      return option;
    }),
  );
}

function inWords(field, value) {
  const special = field.words?.find(([one]) => one === value);
  if (special) return special[1];
  if (typeof value !== "number") return String(value);
  if (["share", "chance"].includes(field.unit)) return `${Math.round(100 * value)} %`;
  const places = field.step && field.step < 1 ? Math.min(4, String(field.step).split(".")[1]?.length ?? 2) : 0;
  const number = Number(value.toFixed(Math.max(places, 0)));
  if (!field.unit) return written(number);
  return `${written(number)} ${number === 1 ? (SINGULAR[field.unit] ?? field.unit) : field.unit}`;
}

function makeHelp() {
  const element = document.createElement("details");
  element.className = "help";
  const summary = document.createElement("summary");
  const text = document.createElement("p");
  element.append(summary, text);
  return {
    element,
    show(field) {
      element.hidden = !field.help;
      summary.textContent = "?";
      summary.setAttribute("aria-label", `? What this means: ${field.label}`);
      text.textContent = field.help;
    },
  };
}
