import type { Step } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import type { GraphBuilder } from '../graph.ts';

/** What a step is written with. */
export interface Writing {
  readonly graph: GraphBuilder;
  /** The name of a tensor's numbers, in the shape it has here. */
  read(tensor: Tensor): string;
}

/**
 * Writes what one kind of step computes, and returns the name of its output. The leading axis of windows is the batch,
 * whatever its length on the tape.
 */
export type StepWriter = (step: Step, writing: Writing) => string;

/** Throws `TypeError` where there is no such tensor. */
export function tensorAt(tensors: readonly Tensor[] | undefined, place: number): Tensor {
  const tensor = tensors?.[place];
  if (!tensor) throw new TypeError(`a step has no tensor ${place}`);
  return tensor;
}

/** A shape with a batch of any size. */
export function batched([, ...lengths]: readonly number[]): readonly number[] {
  return [-1, ...lengths];
}
