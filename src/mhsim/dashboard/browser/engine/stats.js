// The statistics of replicates, as mhsim.stats: one interval for a share, one for a mean, one for paired differences,
// one verdict. Numbers that are missing are NaN. The same runs give the same interval and verdict as in Python.
import { say } from "../words.js";

export const NORMAL = 1.959963984540054; // standard deviations to each side that hold 95 of 100 cases
export const FEWEST = 10; // pairs below which no difference is called clear
const LEVEL = 0.95;
const FLIPS = 2000; // turns of signs
const MOST_SIGNS = 2000; // signs turned independently; with more pairs, neighbouring ones are turned together
const ROUNDING = 1e-9;
const SEED = 20011, PURPOSE = 0x5167; // the key of the signs, as in stats/signs.py
const QUARTER = 13; // weeks between two points of a curve

/** An estimate: value, low and high are NaN where not known; p and pTogether where it is no difference. */
function estimate(value, low, high, cases, p = NaN, pTogether = p, identical = false) {
  return { value, low, high, cases, p, pTogether, identical };
}

export const UNKNOWN = Object.freeze(estimate(NaN, NaN, NaN, 0));

/** Return whether a difference is clear and, if not, why; `why` says each in words. */
export function verdictOf({ cases, identical, p, pTogether }) {
  if (cases === 0) return "nothing";
  if (identical) return "identical";
  if (cases < FEWEST) return "too few";
  if (!(p <= 1 - LEVEL)) return "unclear";
  return pTogether <= 1 - LEVEL ? "clear" : "unclear among many";
}

export const isClear = (found) => verdictOf(found) === "clear";

/** Return a verdict in plain words. */
export function why(verdict) {
  return {
    nothing: say("there is no pair to compare"),
    identical: say("no pair differs"),
    "too few": say("fewer than {n} pairs, too few to say", { n: FEWEST }),
    clear: say("more than chance"),
    unclear: say("this could be chance"),
    "unclear among many": say("it stands out by itself, but not among so many comparisons"),
  }[verdict];
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const squares = (values) => values.reduce((total, value) => total + value * value, 0);
const known = (values) => values.filter((value) => !Number.isNaN(value));

/** Return the standard deviation of numbers, with one degree of freedom less than there are. */
function spread(values, middle) {
  return Math.sqrt(squares(values.map((value) => value - middle)) / (values.length - 1));
}

/** Return both ends of the Wilson interval of a share of so many independent cases. */
export function wilson(share, cases) {
  const more = (NORMAL * NORMAL) / cases;
  const middle = (share + more / 2) / (1 + more);
  const inner = Math.max(share * (1 - share), 0) / cases + (more / cases) / 4;
  const half = (NORMAL * Math.sqrt(inner)) / (1 + more);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Return the share of `count` in `cases` independent cases, with its Wilson interval. */
export function proportion(count, cases) {
  if (cases === 0) return UNKNOWN;
  const part = count / cases;
  return estimate(part, ...wilson(part, cases), cases);
}

/** Return the mean of numbers with Student's interval, those missing left out; that of none below zero ends at zero. */
export function mean(values) {
  const there = known(values), cases = there.length;
  if (cases === 0) return UNKNOWN;
  const value = sum(there) / cases;
  if (cases === 1) return estimate(value, NaN, NaN, 1);
  const reach = (student(cases - 1) * spread(there, value)) / Math.sqrt(cases);
  const low = Math.min(...there) >= 0 ? Math.max(0, value - reach) : value - reach;
  return estimate(value, low, value + reach, cases);
}

/** Return the mean of the differences of pairs, judged alone; `yesNo` where they are made of yes (1) and no (0). */
export function pairedDifference(row, yesNo = false) {
  return pairedDifferences([row], yesNo)[0];
}

/**
 * Return the mean of each row of differences with its interval; the rows are judged together.
 *
 * `rows` have the same replicates; `yesNo` is one flag, or one for each row. Of a single row the difference is clear
 * where the interval leaves out zero; of several, where it also stands out among all of them (Westfall and Young 1993).
 */
export function pairedDifferences(rows, yesNo = false) {
  const alone = rows.map((row, k) => judged(known(row), Array.isArray(yesNo) ? yesNo[k] : yesNo));
  if (alone.filter((one) => one.cases > 0 && !one.identical).length < 2) return alone;
  const among = amongAll(rows, alone.map((one) => one.cases));
  // One that has no p-value of its own, such as of a single pair, has none among others.
  return alone.map((one, k) => ({ ...one, pTogether: Math.max(one.p, among[k]) }));
}

/** Return the mean of differences with its interval and p-value, by itself. */
function judged(pairs, yesNo) {
  const cases = pairs.length;
  if (cases === 0) return UNKNOWN;
  const value = sum(pairs) / cases, largest = pairs.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const identical = largest <= ROUNDING;
  if (yesNo) {
    const number = cases + 2, middle = sum(pairs) / number; // one pair each way is added (Bonett and Price 2012)
    const error = Math.sqrt((squares(pairs) + 2) / number - middle * middle) / Math.sqrt(number);
    const edge = Math.max(1, largest);
    const low = Math.max(-edge, middle - NORMAL * error), high = Math.min(edge, middle + NORMAL * error);
    const p = 2 * below(-Math.abs(middle) / error);
    return estimate(value, low, high, cases, p, p, identical);
  }
  if (cases === 1) return estimate(value, NaN, NaN, 1, NaN, NaN, identical);
  const error = spread(pairs, value) / Math.sqrt(cases);
  if (error <= ROUNDING * Math.abs(value) || identical) {
    const p = identical ? 1 : 2 ** (1 - cases);
    return estimate(value, value, value, cases, p, p, identical);
  }
  const reach = student(cases - 1) * error, p = twoSided(Math.abs(value) / error, cases - 1);
  return estimate(value, value - reach, value + reach, cases, p, p, identical);
}

/** Return how often the largest statistic of all rows beats that of each when signs of whole replicates are turned. */
function amongAll(rows, cases) {
  const filled = rows.map((row) => row.map((value) => (Number.isNaN(value) ? 0 : value)));
  const size = filled.map((row, k) => {
    const root = Math.sqrt(squares(row));
    return root <= ROUNDING || cases[k] < FEWEST ? Infinity : root;
  });
  const scaled = filled.map((row, k) => Float64Array.from(inBlocks(row), (value) => value / size[k]));
  const largest = largestOfTurns(scaled);
  const seen = filled.map((row, k) => Math.abs(sum(row)) / size[k]);
  return seen.map((one) => {
    let over = 0, ties = 0;
    for (const other of largest) {
      if (other > one + ROUNDING) over += 1;
      else if (other >= one - ROUNDING) ties += 1;
    }
    return Math.max(over + 0.5 * ties, 1) / (FLIPS + 1);
  });
}

/** Return numbers, neighbours taken together so that no more are left than signs are turned. */
function inBlocks(row) {
  if (row.length <= MOST_SIGNS) return row;
  const edge = (k) => (k === MOST_SIGNS ? row.length : Math.floor(k * (row.length / MOST_SIGNS)));
  return Array.from({ length: MOST_SIGNS }, (_, k) => sum(row.slice(edge(k), edge(k + 1))));
}

/** Return the largest size of a row's sum in each turn of signs. */
function largestOfTurns(rows) {
  const pairs = rows[0].length, totals = rows.map(sum), words = turned(pairs), each = Math.ceil(pairs / 128) * 4;
  const largest = new Float64Array(FLIPS);
  const minus = new Int32Array(pairs); // the pairs whose sign is turned now
  for (let turn = 0; turn < FLIPS; turn += 1) {
    let many = 0;
    for (let k = 0; k < pairs; k += 1) {
      if ((words[turn * each + (k >>> 5)] >>> (k & 31)) & 1) minus[many++] = k;
    }
    for (let r = 0; r < rows.length; r += 1) {
      const row = rows[r];
      let off = 0;
      for (let m = 0; m < many; m += 1) off += row[minus[m]];
      const size = Math.abs(totals[r] - 2 * off);
      if (size > largest[turn]) largest[turn] = size;
    }
  }
  return largest;
}

const kept = new Map();

/** Return the words whose bits turn signs: those of counter (turn, block, pairs, 0); they depend on nothing else. */
export function turned(pairs) {
  if (!kept.has(pairs)) {
    if (kept.size > 3) kept.clear();
    const blocks = Math.ceil(pairs / 128), words = new Uint32Array(FLIPS * blocks * 4);
    for (let turn = 0, at = 0; turn < FLIPS; turn += 1) {
      for (let block = 0; block < blocks; block += 1, at += 4) philox(words, at, turn, block, pairs);
    }
    kept.set(pairs, words);
  }
  return kept.get(pairs);
}

/** Write the four words of Philox 4x32-10 for a counter of (c0, c1, c2, 0). */
function philox(words, at, first, second, third) {
  let c0 = first, c1 = second, c2 = third, c3 = 0, k0 = SEED, k1 = PURPOSE;
  for (let round = 0; round < 10; round += 1) {
    const high0 = highWord(0xd2511f53, c0), low0 = Math.imul(0xd2511f53, c0);
    const high1 = highWord(0xcd9e8d57, c2), low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  words[at] = c0;
  words[at + 1] = c1;
  words[at + 2] = c2;
  words[at + 3] = c3;
}

/** Return the upper 32 bits of the product of two words. */
function highWord(a, b) {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16), other = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(other / 65536)) | 0;
}

/** Return the chance of a normal number below z. */
export function below(z) {
  const part = 0.5 * tail(Math.abs(z) / Math.SQRT2);
  return z < 0 ? part : 1 - part;
}

/** Return erfc(x) for x of 0 or more: a series near zero, a continued fraction further out. */
function tail(x) {
  const edge = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2.5) {
    let term = 2 * x * edge, total = term;
    for (let n = 1; term > 1e-18 * total; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return 1 - total;
  }
  let down = x;
  for (let n = 80; n > 0; n -= 1) down = x + n / 2 / down;
  return edge / down;
}

/** Return how likely Student's t of so many degrees of freedom lies at least so far from zero. */
export function twoSided(t, degrees) {
  let beta = degrees % 2 ? Math.PI : 2; // B(degrees / 2, 1 / 2)
  for (let n = degrees % 2 ? 1 : 2; n < degrees; n += 2) beta *= n / (n + 1);
  const square = t * t, x = degrees / (degrees + square), other = square / (degrees + square);
  const edge = Math.exp((-degrees / 2) * Math.log1p(square / degrees)) * Math.sqrt(other) / beta;
  const a = degrees / 2, b = 0.5;
  return x < (a + 1) / (a + b + 2) ? (edge * fraction(x, a, b)) / a : 1 - (edge * fraction(other, b, a)) / b;
}

/** Return the continued fraction of the incomplete beta function (Lentz). */
function fraction(x, a, b) {
  const least = 1e-300, away = (value) => (Math.abs(value) < least ? least : value);
  let c = 1, d = 1 / away(1 - ((a + b) * x) / (a + 1)), found = d;
  for (let m = 1; m < 1000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    found *= d * c;
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    found *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return found;
}

const reaches = new Map();

/** Return how many standard errors a 95 % interval reaches to each side; NaN without a degree of freedom. */
export function student(degrees) {
  if (!(degrees > 0)) return NaN;
  if (!reaches.has(degrees)) {
    let low = 1, high = 16;
    while (high - low > 1e-15 * high) {
      const middle = (low + high) / 2;
      if (middle === low || middle === high) break;
      if (twoSided(middle, degrees) > 1 - LEVEL) low = middle;
      else high = middle;
    }
    reaches.set(degrees, (low + high) / 2);
  }
  return reaches.get(degrees);
}

/** Return how many of 100 groups are open at the end of each quarter; `closedAt` in weeks, infinite if open. */
export function survivalBand(closedAt, weeks) {
  const times = Array.from({ length: Math.ceil(weeks / QUARTER) }, (_, k) => k * QUARTER).concat(weeks);
  const shares = times.map((week) => proportion(closedAt.filter((closed) => closed > week).length, closedAt.length));
  const each = (edge) => shares.map((one) => 100 * one[edge]);
  return { weeks: times, share: each("value"), low: each("low"), high: each("high") };
}
