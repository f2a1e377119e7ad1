// The order in which a training meets its examples: shuffled anew for each pass, the same for the same seed.
import { createRandom, type RandomState, resumeRandom } from '../../../engine/random.ts';

export interface ExampleOrder {
  /** The examples of the next batch; borrowed until the next call. A pass may end within a batch, and the next begin. */
  next(): Int32Array;
  /** Where the random numbers of the pass under way begin; with the number of examples met, this is all. */
  state(): RandomState;
}

/** `from` is where an order of as many examples was after `met` of them. */
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
