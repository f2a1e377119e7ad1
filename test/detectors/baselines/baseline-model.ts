import type { Window } from '../../../src/core/window.ts';
import type { Model, ModelTensor } from '../../../src/models/model.ts';

/** A model by hand: channels a, b, c ...; the scaler changes nothing. */
export function modelOf(
  kind: string,
  width: number,
  windowLength: number,
  design: Model['design'],
  tensors: Readonly<Record<string, readonly [shape: readonly number[], data: readonly number[]]>>,
): Model {
  const channels = Array.from({ length: width }, (_, c) => ({ id: String(c), unit: '' }));
  const tensorOf = ([shape, data]: readonly [
    readonly number[],
    readonly number[],
  ]): ModelTensor => ({
    shape,
    data: Float32Array.from(data),
  });
  return {
    id: 'test',
    kind,
    channels,
    windowLength,
    intervalMs: 1000,
    scaler: {
      kind: 'standard',
      offset: channels.map(() => 0),
      scale: channels.map(() => 1),
      clip: 1e9,
    },
    design,
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, tensorOf(tensor)]),
    ),
    calibration: new Float64Array(0),
    card: {
      dataId: '',
      dataHash: '',
      rows: 0,
      seed: 0,
      durationS: 0,
      finalLosses: [],
      version: '',
    },
  };
}

/** A window of the given cells, oldest row first. */
export function windowOf(cells: readonly number[], width: number): Window {
  const values = Float32Array.from(cells);
  return {
    streamId: 's',
    endMs: 0,
    length: values.length / width,
    width,
    values,
    latest: new Float64Array(width),
    imputed: 0,
  };
}
