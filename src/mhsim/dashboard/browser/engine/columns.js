// Columns of a table of records, read where they lie: nothing is made for a row, so thousands are looked at fast.

const KINDS = {
  "<f8": Float64Array, "<f4": Float32Array, "<i4": Int32Array, "<u4": Uint32Array, "<i2": Int16Array,
  "<u2": Uint16Array, "|u1": Uint8Array,
  "<i8": Int32Array, // by their lower half: nothing that is counted here needs the upper
};

/** One column: row `k` is at `values[first + k * step]`. */
function column(buffer, at, item, { type, offset }) {
  const Kind = KINDS[type], size = Kind.BYTES_PER_ELEMENT;
  const values = new Kind(buffer, 0, Math.floor(buffer.byteLength / size));
  return { values, first: (at + offset) / size, step: item / size };
}

/** The columns of a table by name, looked up once each. */
export class Table {
  constructor(layout, name, buffer, at = 0, length = Math.floor(buffer.byteLength / layout.items[name])) {
    Object.assign(this, { fields: layout.tables[name], item: layout.items[name], buffer, at, length, found: {} });
  }

  /** Return a table of the engine where it lies now; it moves when its world grows. */
  static of({ layout, memory, world }, name) {
    return new Table(layout, name, memory.bytes.buffer, world[name].at, world[name].shape[0]);
  }

  column(name) {
    return (this.found[name] ??= column(this.buffer, this.at, this.item, this.fields[name]));
  }

  /** Return one value. */
  get(name, row) {
    const { values, first, step } = this.column(name);
    return values[first + row * step];
  }

  /** Return a copy of the first rows, which stays when the engine goes on to another history. */
  copy(layout, name, length) {
    return new Table(layout, name, this.buffer.slice(this.at, this.at + length * this.item), 0, length);
  }
}

/** Columns of numbers that grow, row by row, with what is put into them. */
export class Growing {
  constructor(kinds, room = 4096) {
    this.kinds = Object.entries(kinds);
    this.length = 0;
    for (const [name, Kind] of this.kinds) this[name] = new Kind(room);
    this.room = room;
  }

  /** Make sure that so many more rows find room. */
  more(rows) {
    if (this.length + rows <= this.room) return;
    this.room = Math.max(this.length + rows, 2 * this.room);
    for (const [name, Kind] of this.kinds) {
      const larger = new Kind(this.room);
      larger.set(this[name].subarray(0, this.length));
      this[name] = larger;
    }
  }

  /** Let go of the room that was not needed. */
  fitted() {
    for (const [name] of this.kinds) this[name] = this[name].slice(0, this.length);
    this.room = this.length;
    return this;
  }
}
