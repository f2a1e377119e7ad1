// The writer of each kind of step. A new operation is added here, or to those of training.

import type { StepWriter } from '../graph.ts';
import {
  activation,
  add,
  columns,
  concatColumns,
  layerNorm,
  multiplyElements,
  scale,
  softmax,
  unchanged,
} from './elements.ts';
import { attention, headLinear, linear, mixWith } from './mixing.ts';
import { conv1d, depthwiseConv1d, dynamicConv, maxRows, meanRows } from './windows.ts';

const writers: ReadonlyMap<string, StepWriter> = new Map([
  ['activation', activation],
  ['add', add],
  ['attention', attention],
  ['columns', columns],
  ['concat-columns', concatColumns],
  ['conv1d', conv1d],
  ['cosine-mix', mixWith],
  ['depthwise-conv1d', depthwiseConv1d],
  ['dropout', unchanged],
  ['dynamic-conv', dynamicConv],
  ['fourier-mix', mixWith],
  ['gradient-scale', unchanged],
  ['head-linear', headLinear],
  ['layer-norm', layerNorm],
  ['linear', linear],
  ['max-rows', maxRows],
  ['mean-rows', meanRows],
  ['multiply-elements', multiplyElements],
  ['scale', scale],
  ['softmax', softmax],
]);

/** Losses, which networks that score windows do not have. */
export const TRAINING_ONLY: ReadonlySet<string> = new Set([
  'binary-cross-entropy',
  'cross-entropy',
  'gaussian-nll',
  'huber-loss',
  'mean-squared-error',
  'quantile-loss',
]);

/** Throws `RangeError` naming a kind of step that cannot be written. */
export function writerOf(kind: string): StepWriter {
  const writer = writers.get(kind);
  if (writer) return writer;
  throw new RangeError(
    TRAINING_ONLY.has(kind)
      ? `the step ${kind} is part of training only: export what comes before it`
      : `the step ${kind} cannot be written as ONNX: give it a writer in models/onnx/steps`,
  );
}
