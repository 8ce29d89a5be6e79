// Rows of records as compiled code expects them: where a field lies, and how a value is written there.

const WRITERS = {
  f8: "setFloat64", f4: "setFloat32", i4: "setInt32", u4: "setUint32", i2: "setInt16", u2: "setUint16", u1: "setUint8",
  b1: "setUint8",
};
const HAZARDS = ["1/week", "people/week", "money/week"], SHARES = ["share/week", "share/meeting"];
const WEEKS_PER_YEAR = 52;

/** Write a value of a type such as "f8" into a view. */
export function write(view, at, type, value) {
  if (type === "i8" || type === "u8") view.setBigInt64(at, BigInt(value), true);
  else view[WRITERS[type]](at, value, true);
}

/** One row of a table whose fields a layout describes. */
export class Row {
  constructor(item, fields) {
    this.bytes = new Uint8Array(item);
    this.view = new DataView(this.bytes.buffer);
    this.fields = fields;
  }

  /** Set a field; one that holds several values has the same in each. */
  put(name, value) {
    const { type, offset, shape } = this.fields[name], kind = type.slice(1), size = Number(kind[1]);
    const times = shape.reduce((product, length) => product * length, 1);
    for (let k = 0; k < times; k++) write(this.view, offset + k * size, kind, value);
  }
}

/** Rows of fields that stand one behind the other, each where its size asks for. */
export class Rows {
  constructor(fields, number) {
    this.places = {};
    let end = 0, widest = 1;
    for (const [name, type] of fields) {
      const size = Number(type[1]), at = Math.ceil(end / size) * size;
      this.places[name] = [at, type];
      end = at + size;
      widest = Math.max(widest, size);
    }
    this.item = Math.ceil(end / widest) * widest;
    this.bytes = new Uint8Array(this.item * number);
    this.view = new DataView(this.bytes.buffer);
  }

  put(row, name, value) {
    const [at, type] = this.places[name];
    write(this.view, row * this.item + at, type, value);
  }
}

/** Turn a value per week or year into what one step of `dt` weeks needs: `mhsim.core.params.per_step`. */
export function perStep(value, unit, dt) {
  if (HAZARDS.includes(unit)) return value * dt;
  if (unit === "1/year") return (value * dt) / WEEKS_PER_YEAR;
  return SHARES.includes(unit) ? 1 - power(1 - value, dt) : value;
}

/** Return a base of 0 to 1 to the power of an exponent of at least 0, by products and square roots. */
function power(base, exponent) {
  let result = 1, root = base, rest = exponent;
  for (; rest >= 1; rest -= 1) result *= base;
  while (rest > 0) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest >= 1) [result, rest] = [result * root, rest - 1];
  }
  return result;
}
