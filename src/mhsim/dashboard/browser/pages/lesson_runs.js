// The runs of a lesson: the same histories in each of its situations, and a life from the first of them.
import { caseOf, situationOf } from "./lesson_shelf.js";

const OF_PEOPLE = new Set(["efficacy_of_helpers", "efficacy_of_other_members"]); // counted from lives, see the worker
const LINES = 9; // of a life that are shown; the page Explore has all of it

/**
 * Live the runs of a lesson with a seed; `stop` of what is returned ends it. `onRuns` is told {pairs, asked, failed,
 * outcomes}: how many replicates are there in every situation, in how many a history failed, and the measures of each.
 * `off` are settings that hold in all situations besides their own.
 */
export function runLesson(app, lesson, seed, onRuns, off = {}) {
  const names = lesson.cases.map(({ name }) => name), asked = lesson.pairs;
  const scenarios = lesson.cases.map((one) => situationOf(app.facts, one, seed).withValues(off).scenario());
  const people = lesson.asks.some(({ first, second }) => OF_PEOPLE.has(first.measure) || OF_PEOPLE.has(second.measure));
  const runs = [];
  for (let replicate = 0; replicate < asked; replicate += 1) {
    for (const scenario of scenarios) runs.push(people ? { scenario, replicate, people } : { scenario, replicate });
  }
  return app.histories.each(runs, ({ outcomes: all }) => {
    const pairs = Math.floor(all.length / names.length), outcomes = {};
    names.forEach((name, k) => {
      outcomes[name] = Array.from({ length: pairs }, (_, replicate) => all[replicate * names.length + k]);
    });
    const failed = Array.from({ length: pairs }, (_, k) => names.some((name) => "failed" in outcomes[name][k]));
    onRuns({ pairs, asked, outcomes, failed: failed.filter(Boolean).length });
  });
}

/** Return the promise of the life that a lesson shows, from the first of its runs: {person, name, lines, week}. */
export async function lifeFrom(app, lesson, seed) {
  const { case: name, rule } = lesson.life, scenario = situationOf(app.facts, caseOf(lesson, name), seed).scenario();
  const life = await app.histories.notable(scenario, 0, rule);
  if (!life) return null;
  const lines = life.moments.map(({ when, text }) => `${when}: ${text}`),
    week = Math.max(0, life.moments[0]?.week ?? 0);
  const shown = lines.length <= LINES ? lines : [...lines.slice(0, LINES - 1), "…", lines.at(-1)];
  return { person: life.person, name: life.name, lines: shown, week };
}
