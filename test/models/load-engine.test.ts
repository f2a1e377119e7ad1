import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/core/errors.ts';
import { engineNames, loadEngine } from '../../src/models/load-engine.ts';
import { isTensorflowInstalled } from '../contracts/tensorflow-builds.ts';

describe('loadEngine', () => {
  it('loads each of our own engines by its name, and the fastest by itself', async () => {
    const own = engineNames.filter((name) => name !== 'tensorflow');
    const loaded = await Promise.all(own.map((name) => loadEngine(name)));
    expect(loaded.map(({ name }) => name)).toEqual([
      'wasm-simd',
      'wasm-simd',
      'wasm-relaxed',
      'plain',
    ]);
    expect((await loadEngine()).name).toBe('wasm-simd');
  });

  it.skipIf(isTensorflowInstalled)(
    'says what TensorFlow needs to those who ask for it',
    async () => {
      await expect(loadEngine('tensorflow')).rejects.toThrow(DeviceError);
    },
  );

  it.skipIf(!isTensorflowInstalled)('loads TensorFlow where it is installed', async () => {
    expect((await loadEngine('tensorflow')).name).toBe('tensorflow');
  });
});
