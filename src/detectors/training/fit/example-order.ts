// The order of the examples in a training: shuffled again for each pass, and determined by the seed.
import { createRandom, type RandomState, resumeRandom } from '../../../engine/random.ts';

export interface ExampleOrder {
  /**
   * The examples of the next batch; valid until the next call. A batch may contain the end of one pass and the start of
   * the next.
   */
  next(): Int32Array;
  /** Random state at the start of the current pass; together with the number of examples seen it restores the order. */
  state(): RandomState;
}

/** `from` is a seed, or the state of an order of the same count after `met` examples. */
export function exampleOrder(
  count: number,
  batch: number,
  from: number | RandomState,
  met = 0,
): ExampleOrder {
  const random = typeof from === 'number' ? createRandom(from) : resumeRandom(from);
  const order = new Int32Array(count);
  const rows = new Int32Array(batch);
  let passStart = random.state();
  let place = count;

  const startPass = (): void => {
    passStart = random.state();
    for (let i = 0; i < count; i++) order[i] = i;
    random.shuffle(order);
    place = 0;
  };

  if (met % count > 0) {
    startPass();
    place = met % count;
  }
  return {
    next() {
      for (let b = 0; b < batch; b++) {
        if (place === count) startPass();
        rows[b] = order[place] as number;
        place++;
      }
      return rows;
    },
    state: () => (place === count ? random.state() : passStart),
  };
}
