// Exact nearest neighbours, the twin of plain/neighbours.ts: four remembered rows a time against one window.
import { floats, keep, multiplyAdd, sum } from './lanes';
import { squaredDistance } from './rows';

/** Where everything lies, as wasm.ts writes it: change both together. */
@unmanaged
export class Neighbours {
  inputs: i32;
  /** Places of a line of `indices` and `distances`. */
  maxNeighbours: i32;
  /** (rows, n), (B, n) */
  rows: usize;
  x: usize;
  /** (B, maxNeighbours) i32 and f32 */
  indices: usize;
  distances: usize;
}

export function search(s: Neighbours, batch: i32, rowCount: i32, neighbours: i32): void {
  for (let line = 0; line < batch; line++) searchOne(s, line, rowCount, neighbours);
}

function searchOne(s: Neighbours, line: i32, rowCount: i32, neighbours: i32): void {
  const x = s.x + floats(line * s.inputs);
  const indices = s.indices + floats(line * s.maxNeighbours);
  const distances = s.distances + floats(line * s.maxNeighbours);
  for (let k = 0; k < neighbours; k++) {
    store<f32>(distances + floats(k), <f32>Infinity);
    store<i32>(indices + floats(k), -1);
  }
  let row = 0;
  for (; row + 4 <= rowCount; row += 4) {
    const d = fourDistances(s.rows + floats(s.inputs) * <usize>row, x, s.inputs);
    offer(indices, distances, neighbours, row, f32x4.extract_lane(d, 0));
    offer(indices, distances, neighbours, row + 1, f32x4.extract_lane(d, 1));
    offer(indices, distances, neighbours, row + 2, f32x4.extract_lane(d, 2));
    offer(indices, distances, neighbours, row + 3, f32x4.extract_lane(d, 3));
  }
  for (; row < rowCount; row++) {
    const d = squaredDistance(s.rows + floats(s.inputs) * <usize>row, x, s.inputs);
    offer(indices, distances, neighbours, row, d);
  }
}

function fourDistances(rows: usize, x: usize, n: i32): v128 {
  const row1 = rows + floats(n);
  const row2 = row1 + floats(n);
  const row3 = row2 + floats(n);
  let s0 = f32x4.splat(0.0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let j = 0; j < n; j += 4) {
    const at = floats(j);
    const left = n - j;
    const v = v128.load(x + at);
    const d0 = keep(f32x4.sub(v128.load(rows + at), v), left);
    const d1 = keep(f32x4.sub(v128.load(row1 + at), v), left);
    const d2 = keep(f32x4.sub(v128.load(row2 + at), v), left);
    const d3 = keep(f32x4.sub(v128.load(row3 + at), v), left);
    s0 = multiplyAdd(d0, d0, s0);
    s1 = multiplyAdd(d1, d1, s1);
    s2 = multiplyAdd(d2, d2, s2);
    s3 = multiplyAdd(d3, d3, s3);
  }
  return f32x4(sum(s0), sum(s1), sum(s2), sum(s3));
}

/** Into an ascending list that keeps its length; equal distances stay in order of arrival. */
@inline
function offer(indices: usize, distances: usize, length: i32, row: i32, distance: f32): void {
  if (distance < load<f32>(distances + floats(length - 1))) {
    insert(indices, distances, length, row, distance);
  }
}

function insert(indices: usize, distances: usize, length: i32, row: i32, distance: f32): void {
  let place = length - 1;
  while (place > 0) {
    const before = load<f32>(distances + floats(place - 1));
    if (before <= distance) break;
    store<f32>(distances + floats(place), before);
    store<i32>(indices + floats(place), load<i32>(indices + floats(place - 1)));
    place--;
  }
  store<f32>(distances + floats(place), distance);
  store<i32>(indices + floats(place), row);
}
