// From the tape of a network to its base operations: forward, and the way back as far as the schedule asks for it.
import { ConfigError } from '../../../core/errors.ts';
import { goesBack, scheduleOf } from '../../../engine/tape/schedule.ts';
import type { Step, Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import { attention, headLinear } from './attention.ts';
import {
  activation,
  add,
  addressed,
  dropout,
  gradientScale,
  layerNorm,
  loss,
  multiplyElements,
  scale,
  softmax,
} from './elements.ts';
import { type StepLowering, type Work, WorkBuilder } from './graph.ts';
import { linear, mix } from './products.ts';
import { conv1d, depthwiseConv1d, dynamicConv, poolRows } from './windows.ts';

const lowerings: ReadonlyMap<string, StepLowering> = new Map([
  ['activation', activation],
  ['add', add],
  ['attention', attention],
  ['binary-cross-entropy', loss],
  ['columns', addressed],
  ['concat-columns', addressed],
  ['conv1d', conv1d],
  ['cosine-mix', mix],
  ['cross-entropy', loss],
  ['depthwise-conv1d', depthwiseConv1d],
  ['dropout', dropout],
  ['dynamic-conv', dynamicConv],
  ['fourier-mix', mix],
  ['gaussian-nll', loss],
  ['gradient-scale', gradientScale],
  ['head-linear', headLinear],
  ['huber-loss', loss],
  ['last-rows', addressed],
  ['layer-norm', layerNorm],
  ['linear', linear],
  ['max-rows', poolRows],
  ['mean-rows', poolRows],
  ['mean-squared-error', loss],
  ['multiply-elements', multiplyElements],
  ['quantile-loss', loss],
  ['scale', scale],
  ['softmax', softmax],
]);

interface NetworkToLower {
  readonly tape: Pick<Tape, 'steps'>;
  /** What leaves the accelerator. */
  readonly outputs: readonly Tensor[];
  /** With it, the way back to all gradients that it asks for. */
  readonly loss?: Tensor;
}

/** Throws `ConfigError` that names a kind of step which nothing lowers. */
export function lower({ tape, outputs, loss: target }: NetworkToLower): Work {
  const { steps, wanted } = scheduleOf(tape.steps, target ? [...outputs, target] : outputs, target);
  const graph = new WorkBuilder(wanted);
  lowerForward(graph, steps);
  if (target) lowerBack(graph, steps, target, (step) => goesBack(step, wanted));
  const { operations, matrices } = graph;
  return { operations, matrices, outputs: outputs.flatMap((tensor) => graph.valuesOf(tensor)) };
}

export function lowerForward(graph: WorkBuilder, steps: readonly Step[]): void {
  for (const [i, step] of steps.entries()) {
    graph.begin(nameOf(step, i), step);
    loweringOf(step).forward(graph, step);
  }
}

export function lowerBack(
  graph: WorkBuilder,
  steps: readonly Step[],
  target: Tensor,
  isAsked: (step: Step) => boolean,
): void {
  graph.startBack(target);
  for (const [i, step] of [...steps.entries()].reverse()) {
    if (!isAsked(step)) continue;
    graph.begin(nameOf(step, i), step);
    loweringOf(step).back(graph, step);
  }
}

function loweringOf({ kind }: Step): StepLowering {
  const lowering = lowerings.get(kind);
  if (lowering) return lowering;
  throw new ConfigError(
    `the network has a step ${kind}, which the simulator cannot lower: expected one of ${[...lowerings.keys()].join(', ')}`,
    { code: 'SEN_CFG_SIMULATION' },
  );
}

/** After its weights, e.g. `layer1.heads.output`; without any, its kind and its place on the tape. */
function nameOf({ kind, inputs }: Step, place: number): string {
  const [weights] = inputs.flatMap(({ storage }) =>
    storage.kind === 'parameter' ? storage.name : [],
  );
  if (weights === undefined) return `${kind} ${place + 1}`;
  return `${weights.replace(/\.[^.]*$/, '')}${kind === 'add' ? ' add' : ''}`;
}
