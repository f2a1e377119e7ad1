import type { Model } from '../../src/models/model.ts';

/** A small model without an id: what a trainer hands to `sealModel`. */
export function toyParts(): Omit<Model, 'id'> {
  return {
    kind: 'gon',
    channels: [
      { id: 'cpu.user', unit: '%' },
      { id: 'température', unit: '°C' },
    ],
    windowLength: 3,
    intervalMs: 1000,
    scaler: { kind: 'standard', offset: [1.5, -2], scale: [0.1, 3e9], clip: 10 },
    design: { slope: 0.2, members: [{ length: 3 }] },
    tensors: {
      'm3.w1': { shape: [2, 3], data: Float32Array.of(1, -2.5, 3e-8, 4, 5, 6) },
      'm3.b1': { shape: [2], data: Float32Array.of(0.1, Number.NaN) },
    },
    calibration: Float64Array.of(0.1, 1 / 3, 5e-324),
    card: {
      dataId: 'toy',
      dataHash: 'ab'.repeat(32),
      rows: 10,
      seed: 4,
      durationS: 1.25,
      finalLosses: [0.8],
      version: '1',
    },
  };
}
