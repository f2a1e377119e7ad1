// Runs a model on windows and measures, in one pass, how large the operands of its products are.
import { cnn } from '../../../detectors/cnn/cnn.ts';
import { STEPS } from '../../../detectors/dynamo/step-forecast.ts';
import { encoder } from '../../../detectors/encoder/encoder.ts';
import { ensemble } from '../../../detectors/ensemble/ensemble.ts';
import { forecaster } from '../../../detectors/forecaster/forecaster.ts';
import type { PathPlugin } from '../../../detectors/scoring/plugin.ts';
import { type WindowTable, windowAt } from '../../../detectors/scoring/training/window-table.ts';
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import type { MultiplicationCounter } from '../../../engine/tape/counting.ts';
import type { Operand, RecordedTape } from '../../../engine/tape/tape.ts';
import { isActivation } from '../../../models/pruning.ts';
import type { CompressibleModel } from '../contract.ts';
import { SizeHistogram } from './histogram.ts';

/** The kinds with a network that can be pruned, and the key of its design. */
export const PRUNABLE: ReadonlyMap<string, { readonly plugin: PathPlugin; readonly key: string }> =
  new Map(
    [
      { plugin: forecaster, key: 'forecaster' },
      { plugin: encoder, key: 'encoder' },
      { plugin: cnn, key: 'cnn' },
      { plugin: ensemble, key: 'forecaster' },
    ].map((entry) => [entry.plugin.kind, entry]),
  );

/** Windows that a model is run on. */
export interface Reading {
  readonly table: WindowTable;
  readonly kernels: Kernels;
  /** Awaited after each window: yields to the event loop, and throws to stop. */
  readonly pause: () => Promise<void>;
}

export interface OperandProfile {
  readonly operand: Operand;
  /** Whether it is an activation; otherwise it is an input of the network or the output of a norm. */
  readonly isActivation: boolean;
  /** Sizes of its elements, and the greatest of each column of a window. */
  readonly elements: SizeHistogram;
  readonly columns: SizeHistogram;
}

/** One profile for each operand of the model's network, in the order of its products. */
export async function profileOperands(
  model: CompressibleModel,
  { table, kernels, pause }: Reading,
): Promise<readonly OperandProfile[]> {
  const profiles = new Map<string, OperandProfile>();
  const watching: Kernels = {
    ...kernels,
    compile(tape, options = {}) {
      const found = profilesOf(tape);
      for (const profile of found) profiles.set(profile.operand.name, profile);
      const tensors = found.map(({ operand }) => operand.tensor);
      const outputs = [...(options.outputs ?? []), ...tensors];
      const program = kernels.compile(tape, { ...options, outputs });
      return {
        ...program,
        forward() {
          program.forward();
          for (const profile of found) tally(profile, program.valuesOf(profile.operand.tensor));
        },
      };
    },
  };
  await measure(model, { table, kernels: watching, pause });
  return [...profiles.values()];
}

export interface Quality {
  /** Mean squared distance of the windows' newest rows from what the model expects. */
  readonly distance: number;
  readonly multiplications: Readonly<MultiplicationCounter>;
}

/** How well the model explains the windows, and what it multiplies for them. */
export async function measure(
  model: CompressibleModel,
  { table, kernels, pause }: Reading,
): Promise<Quality> {
  const counter = { issued: 0, skipped: 0 };
  const counting: Kernels = {
    ...kernels,
    compile: (tape, options) => kernels.compile(tape, { ...options, counter }),
  };
  const { plugin, key } = prunable(model.kind);
  const paths = plugin.paths(model, counting).filter(({ name }) => name === key);
  let [sum, count] = [0, 0];
  for (let place = 0; place < table.starts.length; place++) {
    const window = windowAt(table, place);
    for (const { distances } of paths) {
      distances.measure(window, window.length);
      for (const distance of distances.views.perView) sum += distance;
      count += distances.views.perView.length;
    }
    await pause();
  }
  return { distance: sum / count, multiplications: counter };
}

/** Throws `RangeError` for another kind: check it before. */
export function prunable(kind: string) {
  const found = PRUNABLE.get(kind);
  if (found) return found;
  throw new RangeError(`a '${kind}' has no network that can be pruned`);
}

/** Without the heads of further steps: they are a program of their own, which is not pruned. */
function profilesOf(tape: RecordedTape): readonly OperandProfile[] {
  return tape.steps.flatMap((step) =>
    (step.operands ?? [])
      .filter(({ name }) => !name.startsWith(STEPS))
      .map((operand) => ({
        operand,
        isActivation: step.saved?.includes(operand.tensor) || isActivation(operand.tensor, tape),
        elements: new SizeHistogram(),
        columns: new SizeHistogram(),
      })),
  );
}

function tally({ operand, elements, columns }: OperandProfile, values: Float32Array): void {
  const width = operand.tensor.shape.at(-1) ?? 1;
  const group = operand.rows * width;
  for (const value of values) elements.add(Math.abs(value));
  for (let from = 0; from < values.length; from += group) {
    for (let column = from; column < from + width; column++) {
      let [most, energy] = [0, 0];
      for (let at = column; at < from + group; at += width) {
        const value = values[at] as number;
        most = Math.max(most, Math.abs(value));
        energy += value * value;
      }
      columns.add(most, energy);
    }
  }
}
