// The key of a run: two words that are a function of seed and replicate alone, by Philox 4x32-10.

const MULTIPLIERS = [0xd2511f53n, 0xcd9e8d57n], WEYL = [0x9e3779b9n, 0xbb67ae85n];
const KEY_COUNTER = 0xffffffffn, LOW = 0xffffffffn, HALF = 32n;

/** Return the key of one run, as `mhsim.core.rng.run_key`; the third word is the number of the first community. */
export function runKey(seed, replicate) {
  const of = BigInt(seed);
  const [one, other] = philox([BigInt(replicate), 0n, 0n, KEY_COUNTER], [of & LOW, (of >> HALF) & LOW]);
  return [Number(one), Number(other), 0];
}

function philox([a, b, c, d], [first, second]) {
  for (let round = 0; round < 10; round++) {
    const one = MULTIPLIERS[0] * a, other = MULTIPLIERS[1] * c;
    [a, b, c, d] = [(other >> HALF) ^ b ^ first, other & LOW, (one >> HALF) ^ d ^ second, one & LOW];
    [first, second] = [(first + WEYL[0]) & LOW, (second + WEYL[1]) & LOW];
  }
  return [a, b, c, d];
}
