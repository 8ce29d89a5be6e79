// The bytes of a file become text, or are refused: `mhsim.scenario_io.yaml_reader`, with the same words.
import { say } from "../words.js";
import { InputError } from "./errors.js";

const LARGEST = 1_000_000; // bytes of a file that are read
const LENGTHS = [[0xf0, 4], [0xe0, 3], [0xc0, 2], [0, 1]]; // of a sign in UTF-8, by its first byte
const LINE_END = 10;

/** Return the text of a file as it was opened in a page. */
export async function textOfFile(file) {
  return textOf(new Uint8Array(await file.slice(0, LARGEST + 1).arrayBuffer()), file.name);
}

/** Return the text that bytes are; `name` is that of the file in messages. */
export function textOf(bytes, name) {
  const wrong = (at, message) => new InputError(`${name}:${lineOf(bytes, at)}: ${message}`);
  if (bytes.length > LARGEST) throw new InputError(`${name}: ${say("larger than 1,000,000 bytes, the most allowed")}`);
  if ([[0xff, 0xfe], [0xfe, 0xff]].some(([one, other]) => bytes[0] === one && bytes[1] === other)) {
    throw wrong(0, say("the text is UTF-16; save it as UTF-8"));
  }
  if (bytes.includes(0)) throw wrong(bytes.indexOf(0), say("this is a binary file, not text"));
  const found = decoded(bytes);
  if (found !== null) return found;
  const at = firstUnread(bytes), byte = bytes[at].toString(16).padStart(2, "0");
  throw wrong(at, say("byte 0x{byte} is not UTF-8; save the file as UTF-8", { byte }));
}

const lineOf = (bytes, at) => bytes.subarray(0, at).reduce((line, byte) => line + (byte === LINE_END ? 1 : 0), 1);

/** Return bytes as text; null if they are none in UTF-8. */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Return the place of the first byte with which no sign begins. */
function firstUnread(bytes) {
  let at = 0;
  while (at < bytes.length) {
    const [, length] = LENGTHS.find(([low]) => bytes[at] >= low), sign = bytes.subarray(at, at + length);
    if (bytes[at] > 0x7f && decoded(sign) === null) return at;
    at += length;
  }
  return at;
}
