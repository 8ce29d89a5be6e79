// Keys of the address that change while a history plays, such as the week: kept without loading or telling anybody.
// In a page that needs no server the address stands behind the hash: `#/explore?form=base&week=12`.
let waiting = null;
let pending = {};

const inHash = () => location.hash.startsWith("#/");
const queryNow = () => (inHash() ? location.hash.split(/\?(.*)/s)[1] ?? "" : location.search);

// Set keys (null takes one away). Browsers allow few changes a second, so several become one.
export function setKeys(keys) {
  Object.assign(pending, keys);
  if (waiting === null) waiting = setTimeout(write, 250);
}

addEventListener("pagehide", () => waiting !== null && write());

function write() {
  clearTimeout(waiting);
  waiting = null;
  const keys = new URLSearchParams(queryNow());
  for (const [name, value] of Object.entries(pending)) {
    if (value === null || value === undefined) keys.delete(name);
    else keys.set(name, value);
  }
  pending = {};
  const query = readable(keys), behind = query ? `?${query}` : "", path = location.hash.split("?")[0];
  const next = inHash() ? location.pathname + location.search + path + behind : location.pathname + behind + location.hash;
  if (next !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", next);
}

// What an address may hold as it stands, for readers.
const PLAIN = { "%3A": ":", "%3B": ";", "%3D": "=", "%2C": ",", "%2F": "/" };
const readable = (keys) => keys.toString().replace(/%(3A|3B|3D|2C|2F)/g, (code) => PLAIN[code]);
