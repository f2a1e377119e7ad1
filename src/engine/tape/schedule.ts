// Lifetimes of the arrays of a program. The forward pass takes the moments 0 .. S-1, the backward pass S .. 2S-1 in reverse;
// a program without a loss has only the first half.
import type { Lifetime } from './memory-plan.ts';
import type { Step } from './tape.ts';
import type { Storage, Tensor } from './tensor.ts';

export interface Schedule {
  readonly steps: readonly Step[];
  readonly values: ReadonlyMap<Storage, Lifetime>;
  readonly gradients: ReadonlyMap<Storage, Lifetime>;
  /** Storages whose gradient is needed; empty without a loss. */
  readonly wanted: ReadonlySet<Storage>;
}

/** `outputs` are read by the caller after a run. */
export function scheduleOf(
  steps: readonly Step[],
  outputs: readonly Tensor[],
  loss: Tensor | undefined,
): Schedule {
  const wanted = loss ? wantedBy(steps) : new Set<Storage>();
  if (loss && !wanted.has(loss.storage)) {
    throw new RangeError(
      'the loss depends neither on weights nor on an input that needs a gradient',
    );
  }
  const values = new Map<Storage, Lifetime>();
  const gradients = new Map<Storage, Lifetime>();
  for (const [i, step] of steps.entries()) {
    needForward(values, step, i);
    if (!goesBack(step, wanted)) continue;
    const moment = 2 * steps.length - 1 - i;
    needBackward(values, step, moment);
    const passed = [step.output, ...step.inputs].filter(({ storage }) => wanted.has(storage));
    for (const tensor of passed) need(gradients, tensor, moment);
  }
  for (const tensor of outputs) need(values, tensor, 2 * steps.length);
  return { steps, values, gradients, wanted };
}

/** Whether a step has a backward pass to a needed gradient. */
export function goesBack({ backward, output }: Step, wanted: ReadonlySet<Storage>): boolean {
  return backward !== undefined && wanted.has(output.storage);
}

function needForward(values: Map<Storage, Lifetime>, step: Step, moment: number): void {
  const { inputs, output, saved = [], scratch = [] } = step;
  for (const tensor of [...inputs, output, ...saved, ...scratch]) need(values, tensor, moment);
}

function needBackward(values: Map<Storage, Lifetime>, step: Step, moment: number): void {
  const { inputs, output, saved = [], backwardScratch = [] } = step;
  const reread = step.rereads ?? [...inputs, output];
  for (const tensor of [...reread, ...saved, ...backwardScratch]) need(values, tensor, moment);
}

function need(lifetimes: Map<Storage, Lifetime>, { storage }: Tensor, moment: number): void {
  const { from = moment, to = moment } = lifetimes.get(storage) ?? {};
  lifetimes.set(storage, {
    size: storage.size,
    from: Math.min(from, moment),
    to: Math.max(to, moment),
  });
}

/** Weights, inputs with a gradient, and everything computed from either by steps with a backward pass. */
function wantedBy(steps: readonly Step[]): Set<Storage> {
  const wanted = new Set<Storage>();
  for (const { inputs, output, backward } of steps) {
    for (const { storage } of inputs) if (isSource(storage)) wanted.add(storage);
    if (backward && inputs.some(({ storage }) => wanted.has(storage))) wanted.add(output.storage);
  }
  return wanted;
}

function isSource(storage: Storage): boolean {
  return storage.kind === 'parameter' || (storage.kind === 'input' && storage.wantsGradient);
}
