// Interface and helpers of optimisers: they update an array of weights by an array of gradients, and their state can be
// saved. They do not depend on programs, so they work with every engine, for inputs as well as weights.

import { WeightsError } from '../../core/errors.ts';
import type { Floats } from '../floats.ts';

/** Two arrays of the same length: the weights, and the gradient of the value to minimise. */
export interface Trainable {
  readonly weights: Floats;
  readonly gradients: Floats;
}

export interface Optimiser {
  /** Updates the weights once by the current gradients; `rate` replaces that of the options. Allocates no arrays. */
  step(rate?: number): void;
  /** A copy of the state: an optimiser of the same kind that restores it continues with the same bits. */
  state(): OptimiserState;
  /** Throws `WeightsError` if the state belongs to another kind of optimiser, or to other weights. */
  restore(state: OptimiserState): void;
}

type OptimiserState = ReadonlyMap<string, Float64Array>;

export function requireSameLength({ weights, gradients }: Trainable): void {
  if (weights.length !== gradients.length) {
    throw new RangeError(`${weights.length} weights have ${gradients.length} gradients`);
  }
}

/** Options are numbers from `least` on, and below `below`. */
export function requireOptions(
  options: Readonly<Record<string, number>>,
  least: number,
  below: number,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value >= least && value < below) continue;
    throw new RangeError(`${name} is ${value}, must be at least ${least} and below ${below}`);
  }
}

/** Saves and restores an optimiser's arrays; `restore` writes into `arrays`. */
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
    `the optimiser has ${described(own)}, the saved state has ${described(state)}: it belongs to another optimiser or network`,
    { code: 'SEN_WGT_CHECKPOINT' },
  );
}

/**
 * Scales all gradients down together until their Euclidean norm is at most `most`, and returns the norm they had.
 * If the norm is not finite, it is returned and nothing is scaled: the caller has to stop.
 */
export function clipGradients(gradients: Floats, most = Number.POSITIVE_INFINITY): number {
  let sum = 0;
  for (let i = 0; i < gradients.length; i++) sum += (gradients[i] as number) ** 2;
  const norm = Math.sqrt(sum);
  if (!(norm > most && Number.isFinite(norm))) return norm;
  const factor = most / norm;
  for (let i = 0; i < gradients.length; i++) gradients[i] = (gradients[i] as number) * factor;
  return norm;
}

interface RateGroup {
  readonly optimiser: Optimiser;
  /** Factor on the rate of the step. */
  readonly factor: number;
}

/** Combines optimisers that step together, each with its own rate. `usual` is the default rate. */
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
