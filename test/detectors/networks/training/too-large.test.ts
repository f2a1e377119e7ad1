import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../../../src/core/errors.ts';
import { encoder } from '../../../../src/detectors/encoder/train.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { toySeries } from '../../training/toy-series.ts';

describe('a training', () => {
  it('of an encoder that is too large ends with what it would need', async () => {
    const heads = Array(16).fill({ op: 'attention', form: 'scaled' });
    const point = { layers: [{ hidden: 512, heads, feedForward: [64] }] };
    const options = encoder.options.parse({ rows: 256, patch: 1, batch: 1024, point });
    const training = encoder.train(toySeries({ rows: 1500, seed: 1 }), options, {
      kernels: await loadKernels('wasm-simd'),
      seed: 1,
      intervalMs: 1000,
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    await expect(training).rejects.toThrow(DeviceError);
    await expect(training).rejects.toThrow(/^the network needs \d+ MB, the engine has 1024/);
  });
});
