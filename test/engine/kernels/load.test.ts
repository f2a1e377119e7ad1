import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../../src/core/errors.ts';
import { type KernelHost, loadKernels } from '../../../src/engine/kernels/load.ts';
import { smallShape } from './cases.ts';

const folder = new URL('../../../src/engine/kernels/', import.meta.url);
const withoutSimd: KernelHost = { folder, supports: () => false };
const notBuilt: KernelHost = { folder: pathToFileURL('/nowhere/'), supports: () => true };

describe('loadKernels', () => {
  it('takes SIMD by itself', async () => {
    expect((await loadKernels()).name).toBe('wasm-simd');
    expect((await loadKernels('wasm-simd')).name).toBe('wasm-simd');
  });

  it('falls back to plain loops where SIMD is missing', async () => {
    const kernels = await loadKernels('auto', withoutSimd);
    expect(kernels.name).toBe('plain');
    const discriminator = kernels.discriminator(smallShape, 1);
    discriminator.weights.b3[0] = 0.5;
    discriminator.forward(1);
    expect(discriminator.logits[0]).toBe(0.5);
  });

  it('says that SIMD is missing to those who insist on it', async () => {
    await expect(loadKernels('wasm-simd', withoutSimd)).rejects.toThrow(DeviceError);
    await expect(loadKernels('wasm-simd', withoutSimd)).rejects.toThrow('set engine to auto');
    await expect(loadKernels('wasm-relaxed', withoutSimd)).rejects.toThrow('relaxed SIMD');
  });

  it('asks for a build when the .wasm file is not there', async () => {
    await expect(loadKernels('auto', notBuilt)).rejects.toThrow(DeviceError);
    await expect(loadKernels('auto', notBuilt)).rejects.toThrow('npm run build');
  });

  it('gives plain loops to those who want them, built or not', async () => {
    expect((await loadKernels('plain', notBuilt)).name).toBe('plain');
  });

  it('loads the relaxed build, behind its flag where V8 needs that', async () => {
    const kernels = await loadKernels('wasm-relaxed');
    expect(kernels.name).toBe('wasm-relaxed');
    const discriminator = kernels.discriminator(smallShape, 1);
    discriminator.weights.b3[0] = 0.5;
    discriminator.forward(1);
    expect(discriminator.logits[0]).toBe(0.5);
  });
});
