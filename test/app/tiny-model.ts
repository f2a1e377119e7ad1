import type { Model } from '../../src/models/model.ts';

/** A model as plain data; enough for whoever does not score with it. */
export function tinyModel(parts: Partial<Model> = {}): Model {
  const channels = parts.channels ?? [{ id: 'a', unit: '' }];
  return {
    id: '0123456789abcdef',
    kind: 'range-count',
    channels,
    windowLength: 1,
    intervalMs: 1000,
    scaler: {
      kind: 'minmax',
      offset: channels.map(() => 0),
      scale: channels.map(() => 1),
      clip: 10,
    },
    design: {},
    tensors: {},
    calibration: Float64Array.from({ length: 200 }, (_, n) => n / 200),
    card: {
      dataId: 'tiny',
      dataHash: '',
      rows: 200,
      seed: 1,
      durationS: 0,
      finalLosses: [],
      version: '1',
    },
    ...parts,
  };
}
