// Several optimisers that step together, each at a rate of its own.
import type { Optimiser } from './optimiser.ts';

export interface RateGroup {
  readonly optimiser: Optimiser;
  /** Its rate is so many times the one that is asked for. */
  readonly factor: number;
}

/** `usual` is the rate where none is asked for. */
export function rateGroups(groups: readonly RateGroup[], usual = 1e-3): Optimiser {
  const nameIn = (group: number, name: string): string => `${group}.${name}`;
  return {
    step(rate = usual) {
      for (const { optimiser, factor } of groups) optimiser.step(rate * factor);
    },
    state: () =>
      new Map(
        groups.flatMap(({ optimiser }, group) =>
          [...optimiser.state()].map(([name, values]) => [nameIn(group, name), values] as const),
        ),
      ),
    restore(state) {
      for (const [group, { optimiser }] of groups.entries()) {
        const prefix = nameIn(group, '');
        const own = [...state].filter(([name]) => name.startsWith(prefix));
        optimiser.restore(
          new Map(own.map(([name, values]) => [name.slice(prefix.length), values])),
        );
      }
    },
  };
}
