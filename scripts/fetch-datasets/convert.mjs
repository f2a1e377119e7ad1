// From the forms the origins keep their numbers in to plain CSV, without running any code of theirs.
import { createHash } from 'node:crypto';

/** The rows of a downloaded file as text, and the sha256 over its values as little-endian float32. */
export function convert(bytes, { convert: form, rows, width }) {
  const values = readers[form ?? 'text'](bytes, rows, width);
  if (values.length !== rows * width) {
    throw new Error(`holds ${values.length} values, expected ${rows} rows of ${width}`);
  }
  const single = Float32Array.from(values);
  return {
    values: createHash('sha256').update(new Uint8Array(single.buffer)).digest('hex'),
    text: Array.from({ length: rows }, (_, row) =>
      Array.from(values.subarray(row * width, (row + 1) * width), String).join(','),
    )
      .join('\n')
      .concat('\n'),
  };
}

const readers = {
  text: (bytes) => Float64Array.from(bytes.toString('utf8').trim().split(/[\n,]/), Number),
  npy: readNpy,
  pickle: readPickle,
  labels: readLabels,
};

/** NumPy's own file format, versions 1 to 3, float64 or float32, C or Fortran order. */
function readNpy(bytes, rows, width) {
  if (bytes.subarray(1, 6).toString('latin1') !== 'NUMPY') throw new Error('is not a .npy file');
  const long = bytes[6] > 1;
  const start = long ? 12 + bytes.readUInt32LE(8) : 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(long ? 12 : 10, start).toString('latin1');
  const size = /'descr': '<f8'/.test(header) ? 8 : /'descr': '<f4'/.test(header) ? 4 : 0;
  if (size === 0) throw new Error(`holds another type than float: ${header.trim()}`);
  const cells = cellsOf(bytes.subarray(start), size);
  return /'fortran_order': True/.test(header) ? transposed(cells, rows, width) : cells;
}

/** A pickled float32 array: the one byte string (opcode B) of exactly the expected size. */
function readPickle(bytes, rows, width) {
  const length = rows * width * 4;
  for (let at = 0; at + 5 <= bytes.length; at++) {
    if (bytes[at] === 0x42 && bytes.readUInt32LE(at + 1) === length) {
      return sixDecimals(cellsOf(bytes.subarray(at + 5, at + 5 + length), 4));
    }
  }
  throw new Error(`holds no byte string of ${length} bytes`);
}

/** One label a row from lines `first-last:dimensions`, both rows inside. */
function readLabels(bytes, rows) {
  const labels = new Float64Array(rows);
  for (const line of bytes.toString('utf8').trim().split('\n')) {
    const [first, last] = line.split(':')[0].split('-').map(Number);
    labels.fill(1, first, last + 1);
  }
  return labels;
}

function cellsOf(bytes, size) {
  const count = Math.floor(bytes.length / size);
  return Float64Array.from({ length: count }, (_, i) =>
    size === 8 ? bytes.readDoubleLE(i * 8) : bytes.readFloatLE(i * 4),
  );
}

function transposed(cells, rows, width) {
  return cells.map((_, i) => cells[(i % width) * rows + Math.floor(i / width)]);
}

/** float32 copies of six-decimal numbers, as those decimals. */
function sixDecimals(values) {
  return values.map((value) => Number(value.toFixed(6)));
}
