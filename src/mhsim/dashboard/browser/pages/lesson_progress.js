// Which lessons are done and what was expected in them: in the address, and where the browser keeps things for a page.
import { keep, kept } from "./shell.js";
import { newTicket } from "./lesson_codes.js";

const NAME = "mhsim-lessons";
let memory = null; // for this visit, whatever the browser keeps

function all() {
  if (memory === null) {
    try {
      memory = JSON.parse(kept(NAME) ?? "{}") ?? {};
    } catch {
      memory = {};
    }
  }
  return memory;
}

/** Return what is known of a lesson: {guess, seed, verdict, outcomes, ticket}; null if its results were not seen. */
export const knownOf = (name) => all()[name] ?? null;

/** Remember how a lesson came out; whoever answers again under the same prediction and seed has the same ticket. */
export function remember(name, { guess, seed, verdict, outcomes }) {
  const before = knownOf(name), again = before?.guess === guess && before?.seed === seed;
  memory = { ...all(), [name]: { guess, seed, verdict, outcomes, ticket: again ? before.ticket : newTicket() } };
  keep(NAME, JSON.stringify(memory));
}

/** Return the names of lessons that are done, here or as the address says by their numbers. */
export function doneIn(address, lessons) {
  const said = new Set((address.others.done ?? "").split(",").map(Number));
  return Object.keys(lessons).filter((name) => name in all() || said.has(lessons[name].order));
}

/** Return the address that says which lessons are done. */
export function withDone(address, lessons) {
  const done = doneIn(address, lessons).map((name) => lessons[name].order);
  return { ...address, others: { ...address.others, ...(done.length ? { done: done.join(",") } : {}) } };
}
