// Keys of the address that change while a history plays, such as the week: kept without loading or telling anybody.
let waiting = null;
let pending = {};

export function key(name) {
  return new URLSearchParams(location.search).get(name);
}

// Set keys (null takes one away). Browsers allow few changes a second, so several become one.
export function setKeys(keys) {
  Object.assign(pending, keys);
  if (waiting === null) waiting = setTimeout(write, 250);
}

addEventListener("pagehide", () => waiting !== null && write());

function write() {
  clearTimeout(waiting);
  waiting = null;
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(pending)) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  pending = {};
  const query = url.searchParams.toString().replaceAll("%3A", ":").replaceAll("%3B", ";").replaceAll("%3D", "=").replaceAll("%2C", ",").replaceAll("%2F", "/");
  const next = url.pathname + (query ? `?${query}` : "") + url.hash;
  if (next !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", next);
}
