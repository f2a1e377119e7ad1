// What every engine offers: a forward pass of one window, and training steps of a batch, from the same start.
import type { Contender, RemoteContender } from '../timing.ts';

export interface EncoderContender {
  readonly name: string;
  readonly forward: Contender | RemoteContender;
  readonly train: Contender | RemoteContender;
  /** From a fresh start: the output of the first window, and the losses of the first training steps. */
  results(): Promise<EncoderResults>;
  /** Ends its process, if it has one. */
  close?(): void;
}

export interface EncoderResults {
  readonly output: ArrayLike<number>;
  readonly losses: readonly number[];
}

/** Training steps whose losses are compared: the later ones show whether gradients and Adam agree. */
export const COMPARED_STEPS = 5;

/** A rival that computes something else would prove nothing. Throws naming it. */
export function requireSameNetwork(
  name: string,
  found: EncoderResults,
  expected: EncoderResults,
): void {
  const furthest = Math.max(
    distance(found.output, expected.output),
    distance(found.losses, expected.losses),
  );
  if (furthest < 1e-4) return;
  throw new Error(`${name} computes another network: it is ${furthest} away`);
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));
}
