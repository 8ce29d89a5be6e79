// The page that needs no server: unpacks what was packed beside it, starts the engine, and shows its pages.
import { Histories } from "../engine/client.js";
import { readFacts } from "../engine/facts.js";
import { bytesOf } from "../engine/memory.js";
import { say } from "../words.js";
import { inHash, inPath } from "./route.js";
import { App } from "./shell.js";

/** Begin; `pages` are those that this file holds, by name; on a server there are `others` beside them. */
export async function start(pages, others = null) {
  const root = document.getElementById("app");
  try {
    const [wasm, layout, about, texts, worker] = await Promise.all(
      [asset("engine"), json("layout"), text("facts"), json("texts"), text("worker")]);
    const histories = new Histories(beginning(worker), { wasm, layout, about });
    const facts = readFacts(about), route = others ? inPath : inHash;
    const app = new App(root, { facts, texts, histories, pages, route, others });
    globalThis.mhsim = { app }; // for those who want to ask more than the pages do, in the browser's console
    app.begin();
  } catch (error) {
    const words = document.createElement("p");
    words.className = "wrong";
    words.setAttribute("role", "alert");
    words.textContent = `This page does not work in this browser: ${error.message}`;
    root.replaceChildren(words);
  }
}

/** Return what begins a worker from its text, which no address leads to. */
function beginning(code) {
  const at = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return () => new Worker(at);
}

/** Return the bytes of what was packed under a name: in the page itself, or in a file beside it. */
export async function asset(name) {
  const element = document.getElementById(`mhsim-${name}`), at = element.dataset.at;
  const packed = at ? await fetched(at) : bytesOf(element.textContent);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Return a file beside the page; a server that was started anew may have others now. */
async function fetched(at) {
  const answer = await fetch(at).catch(() => null);
  if (answer?.ok) return answer.arrayBuffer();
  throw new Error(say("A part of this page does not come from its server. If the server runs, reload this page."));
}

export const text = async (name) => new TextDecoder().decode(await asset(name));
export const json = async (name) => JSON.parse(await text(name));
