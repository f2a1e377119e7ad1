// How an optimiser's arrays are saved and restored.
import { WeightsError } from '../../core/errors.ts';
import type { Optimiser, OptimiserState } from './optimiser.ts';

/** `arrays` are all that the optimiser remembers; restoring writes into them. */
export function savedState(
  arrays: Readonly<Record<string, Float64Array>>,
): Pick<Optimiser, 'state' | 'restore'> {
  const entries = Object.entries(arrays);
  return {
    state: () => new Map(entries.map(([name, values]) => [name, values.slice()])),
    restore(state) {
      if (state.size !== entries.length) throw unlike(entries, state);
      for (const [name, values] of entries) {
        if (state.get(name)?.length !== values.length) throw unlike(entries, state);
      }
      for (const [name, values] of entries) values.set(state.get(name) as Float64Array);
    },
  };
}

function unlike(own: readonly (readonly [string, Float64Array])[], state: OptimiserState): Error {
  const described = (arrays: Iterable<readonly [string, Float64Array]>): string =>
    [...arrays].map(([name, { length }]) => `${name} (${length})`).join(', ') || 'nothing';
  return new WeightsError(
    `the optimiser remembers ${described(own)}, the saved state is ${described(state)}: it is of another optimiser or network`,
  );
}
