// Rows of a stream as bytes: a header, then the times and the values as little-endian doubles, as the machine has them.
import { crc32 } from 'node:zlib';

/** Consecutive rows of a stream: `timeMs` is (N,) and ascending, `values` (N, C) row-major in channel units. */
export interface RowBlock {
  readonly timeMs: Float64Array;
  readonly values: Float64Array;
}

const MAGIC = 0x31524753; // 'SGR1'
/** Magic, C, N, checksum: four words, so that the doubles lie aligned. */
const HEADER_BYTES = 16;

export function encodeBlock({ timeMs, values }: RowBlock): Uint8Array {
  const rows = timeMs.length;
  const bytes = new Uint8Array(HEADER_BYTES + 8 * (rows + values.length));
  const body = new Float64Array(bytes.buffer, HEADER_BYTES);
  body.set(timeMs);
  body.set(values, rows);
  const checksum = crc32(bytes.subarray(HEADER_BYTES));
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, values.length / rows, rows, checksum]);
  return bytes;
}

/** undefined for what was cut short, damaged, or is of another width. */
export function decodeBlock(bytes: Uint8Array, width: number): RowBlock | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const whole = new Uint8Array(bytes); // a file's bytes may lie anywhere in a pool; slice() of a Buffer is no copy
  const [magic, foundWidth, rows = 0, checksum] = new Uint32Array(whole.buffer, 0, 4);
  if (magic !== MAGIC || foundWidth !== width) return undefined;
  if (whole.length !== HEADER_BYTES + 8 * rows * (1 + width)) return undefined;
  if (crc32(whole.subarray(HEADER_BYTES)) !== checksum) return undefined;
  const body = new Float64Array(whole.buffer, HEADER_BYTES);
  return { timeMs: body.slice(0, rows), values: body.slice(rows) };
}

/** One block of all rows; `width` is C. */
export function joinBlocks(blocks: readonly RowBlock[], width: number): RowBlock {
  const rows = blocks.reduce((sum, { timeMs }) => sum + timeMs.length, 0);
  const timeMs = new Float64Array(rows);
  const values = new Float64Array(rows * width);
  let row = 0;
  for (const block of blocks) {
    timeMs.set(block.timeMs, row);
    values.set(block.values, row * width);
    row += block.timeMs.length;
  }
  return { timeMs, values };
}
