// What the page's own modules make of situations, plans and histories, in node.
// node page_in_node.mjs FOLDER INPUT.json WHAT, FOLDER having facts.json and the modules of browser/engine.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, input, what] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.js`));
const { readFacts } = await module("facts");
const facts = readFacts(readFileSync(`${folder}/facts.json`, "utf8"));
const asked = JSON.parse(readFileSync(input, "utf8"));

/** Return what a function gives, or the line with which it refuses. */
function tried(make) {
  try {
    return make();
  } catch (error) {
    if (error.name !== "InputError") throw error;
    return { refused: error.message };
  }
}

const makers = {
  /** Addresses: what each situation is, and the address written anew. */
  async addresses() {
    const { readAddress, writeAddress } = await module("query");
    const plain = ({ form, settings, changes, whole }) => ({ form, settings, changes });
    return asked.map((query) => tried(() => {
      const { first, second, others } = readAddress(facts, query);
      const values = [first, second].map((one) => one.scenario().values);
      return { query: writeAddress(first, second, others), first: plain(first), second: plain(second), values };
    }));
  },
};
console.log(JSON.stringify(await makers[what]()));
