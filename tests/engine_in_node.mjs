// Lives the histories of a file of plans in node, and prints the digest and shape of every table of each.
// node engine_in_node.mjs FOLDER PLANS.json, FOLDER having engine.wasm, engine.json and the modules of browser/engine.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, plans] = process.argv.slice(2);
const { History, load } = await import(pathToFileURL(`${folder}/history.js`));
const engine = await load(readFileSync(`${folder}/engine.wasm`), JSON.parse(readFileSync(`${folder}/engine.json`)));
const found = {};
for (const [name, plan] of Object.entries(JSON.parse(readFileSync(plans)))) {
  const history = new History(engine, plan), began = performance.now();
  history.live();
  found[name] = { milliseconds: performance.now() - began, tables: {} };
  for (const [table, array] of history.tables()) {
    const digest = createHash("sha256").update(engine.memory.copy(array)).digest("hex").slice(0, 16);
    found[name].tables[table] = `${digest} ${array.shape.join(" ")}`;
  }
}
console.log(JSON.stringify(found));
