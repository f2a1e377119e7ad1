// Protocol buffers as far as a written ONNX file needs them: fields of a message, one after the other.
// See https://protobuf.dev/programming-guides/encoding/.

/** Kinds of fields; what follows a tag depends on it. */
const VARINT = 0;
const BYTES = 2;
const FIXED_32 = 5;

/** An int64, also a negative one. */
export function integerField(number: number, value: number): Uint8Array {
  return joined([tag(number, VARINT), varint(BigInt.asUintN(64, BigInt(value)))]);
}

export function floatField(number: number, value: number): Uint8Array {
  const cells = new Uint8Array(4);
  new DataView(cells.buffer).setFloat32(0, value, true);
  return joined([tag(number, FIXED_32), cells]);
}

export function textField(number: number, value: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(value));
}

/** Bytes, or the fields of a message that lies within. */
export function bytesField(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joined([tag(number, BYTES), varint(BigInt(length)), ...parts]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function tag(number: number, kind: number): Uint8Array {
  return varint(BigInt((number << 3) | kind));
}

/** Seven bits a byte, lowest first; the eighth says that more follow. */
function varint(value: bigint): Uint8Array {
  const cells: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    cells.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.of(...cells, Number(rest));
}
