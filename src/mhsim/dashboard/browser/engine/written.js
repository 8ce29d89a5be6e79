// How values are written, in addresses and files, and what an unquoted word means.

const WHOLE = /^[-+]?(?:0|[1-9][0-9]*(?:_[0-9]+)*)$/;
const FRACTION = /^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$/;
const UNBOUNDED = /^[-+]?\.(?:inf|nan)$/i;
const SWITCHES = { true: true, yes: true, on: true, false: false, no: false, off: false };
const NOTHING = ["", "~", "null", "Null", "NULL"];

/** Return what an unquoted word means: a number, a switch, nothing, or the text itself. */
export function scalar(text) {
  if (WHOLE.test(text)) return wholeNumber(text.replaceAll("_", ""));
  if (FRACTION.test(text)) return Number(text);
  if (UNBOUNDED.test(text)) return /nan/i.test(text) ? NaN : text.startsWith("-") ? -Infinity : Infinity;
  if (NOTHING.includes(text)) return null;
  const low = text.toLowerCase(), title = low.slice(0, 1).toUpperCase() + low.slice(1);
  if (Object.hasOwn(SWITCHES, low) && [low, low.toUpperCase(), title].includes(text)) return SWITCHES[low];
  return text;
}

/** Return a whole number; one that no float holds becomes the next one further from 0, so that no range takes it. */
function wholeNumber(text) {
  const exact = BigInt(text.replace("+", "")), found = Number(exact);
  if (BigInt(found) === exact || text.length > 18) return found;
  return exact > 0n ? found + 2 : found - 2;
}

/** Return a value as it stands in an address, so that it reads back the same. */
export function written(value) {
  if (typeof value === "number" && !Number.isInteger(value)) return floatText(value);
  return String(value);
}

/** Return a number that need not be whole as files have it: with a point, and an exponent where it is very small. */
export function floatText(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e16) return `${value}.0`;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (size >= 1e-4 && size < 1e16) return String(value);
  const [digits, power] = value.toExponential().split("e");
  return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}
