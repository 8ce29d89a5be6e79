// Small helpers to make elements: text is always text, never markup.
import { written } from "../words.js";

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Return a button; `look` are further classes, `name` is what it is called where its words are not enough. */
export function button(label, act, look = "", name = null) {
  const element = make("button", { type: "button", class: `button ${look}`.trim(), "aria-label": name }, label);
  element.addEventListener("click", act);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

let counted = 0;
export const fresh = (name) => `${name}-${(counted += 1)}`;
export const number = (value) => written(Number.isInteger(value) ? String(value) : value.toFixed(1));
