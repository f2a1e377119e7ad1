// Checks of the kernels' arguments: wrong ones are bugs and would overrun memory silently.

import { DeviceError } from '../../core/errors.ts';
import type {
  DiscriminatorShape,
  NeighbourCapacity,
  StretchPlaces,
  TrainStep,
} from '../discriminator-kernels.ts';

export function checkShape(
  { inputs, hidden1, hidden2, slope }: DiscriminatorShape,
  maxBatch: number,
): void {
  requireInteger('inputs', inputs, 1, 2 ** 20);
  requireInteger('hidden1', hidden1, 1, 2 ** 16);
  requireInteger('hidden2', hidden2, 1, 2 ** 16);
  requireInteger('maxBatch', maxBatch, 1, 2 ** 16);
  // The backward pass takes the side of the kink from the activation's sign, which a negative slope would invert.
  if (!(slope >= 0)) throw new RangeError(`slope is ${slope}, must be at least 0`);
}

export function checkBatch(batch: number, maxBatch: number): void {
  requireInteger('batch', batch, 1, maxBatch);
}

export function checkStep(step: TrainStep, batch: number): void {
  requireInteger('optimised', step.optimised, 0, batch);
}

export function checkCapacity(capacity: NeighbourCapacity): void {
  requireInteger('inputs', capacity.inputs, 1, 2 ** 20);
  requireInteger('maxRows', capacity.maxRows, 1, 2 ** 24);
  requireInteger('maxBatch', capacity.maxBatch, 1, 2 ** 16);
  requireInteger('maxNeighbours', capacity.maxNeighbours, 1, capacity.maxRows);
}

export function checkStretches(cells: number, places: readonly StretchPlaces[]): void {
  for (const { inputs, starts, levels } of places) {
    requireInteger('inputs', inputs, 1, cells);
    requireInteger('stretches', starts.length, 1, 2 ** 24);
    for (const start of starts) requireInteger('start', start, 0, cells - inputs);
    if (levels) requireInteger('width', levels.length / starts.length, 1, inputs);
  }
}

export function checkSearch(
  capacity: NeighbourCapacity,
  batch: number,
  rowCount: number,
  neighbours: number,
): void {
  requireInteger('batch', batch, 1, capacity.maxBatch);
  requireInteger('rowCount', rowCount, 1, capacity.maxRows);
  requireInteger('neighbours', neighbours, 1, Math.min(capacity.maxNeighbours, rowCount));
}

function requireInteger(name: string, value: number, least: number, greatest: number): void {
  if (Number.isInteger(value) && value >= least && value <= greatest) return;
  throw new RangeError(`${name} is ${value}, must be an integer from ${least} to ${greatest}`);
}

/** A gigabyte of floats: more than such devices have free, and far below the address limit. */
const MOST_ELEMENTS = 2 ** 28;
const ELEMENTS_PER_MB = 2 ** 18;

/** Throws `DeviceError` for a program that is too large; call it before any allocation. */
export function requireRoom(elements: number): void {
  if (elements <= MOST_ELEMENTS) return;
  throw new DeviceError(
    `the network needs ${Math.ceil(elements / ELEMENTS_PER_MB)} MB, the engine has ${MOST_ELEMENTS / ELEMENTS_PER_MB}: take a smaller batch or network`,
    { code: 'SEN_DEV_MEMORY' },
  );
}
