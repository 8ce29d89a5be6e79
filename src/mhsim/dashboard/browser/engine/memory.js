// The memory of the engine: arrays of records laid out one behind the other, as the compiled code expects them.

const PAGE = 65536;
const ALIGNED = 16;

export class Memory {
  constructor(exports) {
    this.memory = exports.memory;
    this.floor = exports.__heap_base.value;
    this.clear();
  }

  /** Forget every array; those of the next history take their place. */
  clear() {
    this.top = this.floor;
    this.look();
  }

  /** Look at the memory anew: it moves when it grows. */
  look() {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.slots = new BigInt64Array(buffer);
    this.view = new DataView(buffer);
  }

  /** Return the address of so many bytes, all zero. */
  take(size) {
    const at = Math.ceil(this.top / ALIGNED) * ALIGNED;
    this.top = at + size;
    const lacking = this.top - this.memory.buffer.byteLength;
    if (lacking > 0) {
      this.memory.grow(Math.ceil(lacking / PAGE));
      this.look();
    }
    this.bytes.fill(0, at, this.top);
    return at;
  }

  /** Return a new array: `item` bytes for each of the items that its shape says. */
  array(item, shape, given) {
    const array = { item, shape, at: this.take(item * count(shape)) };
    if (given) this.bytes.set(given, array.at);
    return array;
  }

  /** Return the array with at least so many rows, the new ones empty; the array itself if it has them. */
  grown(array, rows) {
    const [have, ...others] = array.shape;
    if (have >= rows) return array;
    const larger = this.array(array.item, [rows, ...others]);
    this.bytes.copyWithin(larger.at, array.at, array.at + sizeOf(array));
    return larger;
  }

  /** Return a copy of an array's bytes. */
  copy(array) {
    return this.bytes.slice(array.at, array.at + sizeOf(array));
  }

  /** Return or set a whole number of 64 bits in a row of an array. */
  number(array, offset, row = 0) {
    return Number(this.view.getBigInt64(array.at + row * array.item + offset, true));
  }

  setNumber(array, offset, value, row = 0) {
    this.view.setBigInt64(array.at + row * array.item + offset, BigInt(value), true);
  }
}

export const count = (shape) => shape.reduce((product, length) => product * length, 1);
export const sizeOf = (array) => array.item * count(array.shape);

/** Return bytes as they are, or those that stand in letters in a plan made in Python. */
export const bytesOf = (given) =>
  typeof given === "string" ? Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0)) : given;
