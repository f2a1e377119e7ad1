// Matrix transposition in blocks of four by four.
import { floats } from './lanes';

/** to (columns, rows) = from (rows, columns) transposed, both without room between their rows. */
@inline
export function transpose(to: usize, from: usize, rows: i32, columns: i32): void {
  transposeStrided(to, from, floats(columns), rows, columns);
}

/** The same, with rows of `from` that are `down` bytes apart. */
export function transposeStrided(to: usize, from: usize, down: usize, rows: i32, columns: i32): void {
  const blockRows = rows & ~3;
  const blockColumns = columns & ~3;
  const across = floats(rows);
  for (let j = 0; j < blockColumns; j += 4) {
    let source = from + floats(j);
    let target = to + <usize>j * across;
    for (let i = 0; i < blockRows; i += 4) {
      block(target, across, source, down);
      source += 4 * down;
      target += 16;
    }
    copy(to, from, down, rows, blockRows, rows, j, j + 4);
  }
  copy(to, from, down, rows, 0, rows, blockColumns, columns);
}

@inline
function block(to: usize, across: usize, from: usize, down: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + down);
  const r2 = v128.load(from + 2 * down);
  const r3 = v128.load(from + 3 * down);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i32x4.shuffle(low01, low23, 0, 1, 4, 5));
  v128.store(to + across, i32x4.shuffle(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * across, i32x4.shuffle(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * across, i32x4.shuffle(high01, high23, 2, 3, 6, 7));
}

/** The elements with row in [fromRow, toRow) and column in [fromColumn, toColumn), one by one. */
function copy(
  to: usize,
  from: usize,
  down: usize,
  rows: i32,
  fromRow: i32,
  toRow: i32,
  fromColumn: i32,
  toColumn: i32,
): void {
  for (let j = fromColumn; j < toColumn; j++) {
    for (let i = fromRow; i < toRow; i++) {
      store<f32>(to + floats(j * rows + i), load<f32>(from + <usize>i * down + floats(j)));
    }
  }
}
