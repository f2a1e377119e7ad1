// Growths that need no training: what a network is worth is told by a function.

import { CalibrationError } from '../../../../src/core/errors.ts';
import { encoderBody, forecastNetwork } from '../../../../src/detectors/networks/forecast.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import type { GrowthRig } from '../../../../src/lab/search/gptran/contract.ts';
import { encoderGrowth } from '../../../../src/lab/search/gptran/encoder-modes.ts';
import { growthOf } from '../../../../src/lab/search/gptran/families.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import { encoderMacs } from '../../../../src/models/encoder.ts';
import type { ModelTensor } from '../../../../src/models/model.ts';
import type { Relative } from '../../../../src/models/transfer/transfer-weights.ts';

const SHAPE = { rows: 16, width: 2, patch: 2 };
const scaled = { op: 'attention', form: 'scaled' } as const;
const dct = { op: 'transform', basis: 'dct' } as const;

export const START: DesignPoint = {
  layers: [
    { hidden: 8, heads: [scaled, dct], feedForward: [32] },
    { hidden: 12, heads: [dct], feedForward: [24] },
  ],
};

export const { signal } = new AbortController();

/** Random weights of the right shapes; `of` may replace those of some tensors. */
export function relative(
  point: DesignPoint,
  of: (name: string, size: number) => number | undefined = () => undefined,
): Relative {
  const { tape } = forecastNetwork(
    encoderBody({ ...SHAPE, point }),
    { ...SHAPE, horizon: 1 },
    2,
    1,
  );
  const random = createRandom(1);
  const tensors: Record<string, ModelTensor> = {};
  for (const { storage, shape, size } of tape.parameters) {
    if (storage.kind !== 'parameter') continue;
    const { name } = storage;
    const data = Float32Array.from({ length: size }, (_, i) => of(name, i) ?? random.normal());
    tensors[name] = { shape, data };
  }
  return { point, tensors };
}

/** Trains nothing: the loss of the n-th training is `loss(n, point)`; undefined = it diverges. */
export function rigOf(
  loss: (training: number, point: DesignPoint) => number | undefined,
): GrowthRig {
  return {
    family: growthOf(START),
    patches: SHAPE.rows / SHAPE.patch,
    cost: (point: DesignPoint) => encoderMacs(point, SHAPE),
    train(task, { seed }) {
      const point = task.point as DesignPoint; // grown of START
      const found = loss(seed % 1000, point);
      if (found === undefined) return Promise.reject(new CalibrationError('diverged'));
      return Promise.resolve({ tensors: relative(point).tensors, loss: found });
    },
  };
}

export const options = (changed: object = {}) =>
  encoderGrowth.options.parse({ costWeight: 0, ...changed });
