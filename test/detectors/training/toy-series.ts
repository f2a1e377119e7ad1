// A small multivariate series whose normal behaviour is known: sines that move together, and a planted fault.
import type { Series } from '../../../src/core/series.ts';
import { createRandom } from '../../../src/engine/random.ts';

export const TOY_CHANNELS = ['a', 'b', 'c', 'd', 'e', 'f'];

export interface ToyOptions {
  readonly rows: number;
  readonly seed: number;
  /** Channel whose values are wrong, by index, and the rows where they are. */
  readonly fault?: { readonly channel: number; readonly from: number; readonly to: number }[];
}

/** One row a second: channels follow two hidden sines with noise; a faulty channel shows its mirror image. */
export function toySeries({ rows, seed, fault = [] }: ToyOptions): Series {
  const random = createRandom(seed);
  const width = TOY_CHANNELS.length;
  const values = new Float64Array(rows * width);
  for (let t = 0; t < rows; t += 1) {
    const slow = Math.sin(t / 17);
    const quick = Math.sin(t / 5 + 1);
    for (let c = 0; c < width; c += 1) {
      const clean = c % 2 === 0 ? slow * (1 + c / 4) : quick * (1 + c / 4) + slow;
      const faulty = fault.some(({ channel, from, to }) => channel === c && t >= from && t < to);
      values[t * width + c] = (faulty ? 1.2 - clean : clean) + 0.05 * random.normal();
    }
  }
  return {
    id: 'toy',
    channels: TOY_CHANNELS.map((id) => ({ id, unit: '' })),
    timeMs: Float64Array.from({ length: rows }, (_, t) => t * 1000),
    values,
  };
}
