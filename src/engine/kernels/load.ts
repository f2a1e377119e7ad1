// Chooses the engine and reads its .wasm, the only file access below `detection`.
/// <reference path="../webassembly.d.ts" />
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { DeviceError } from '../../core/errors.ts';
import type { Kernels } from '../discriminator-kernels.ts';
import { plainKernels } from './plain.ts';
import { wasmKernels } from './wasm.ts';

/** `auto` is `wasm-simd` if the processor supports it, otherwise `plain`. */
export type KernelPreference = 'auto' | 'wasm-simd' | 'wasm-relaxed' | 'plain';

/** Dependencies of the choice, so that tests can disable SIMD. */
export interface KernelHost {
  /** Folder of the .wasm files. */
  readonly folder: URL;
  /** Whether this processor and this V8 can run a module. */
  readonly supports: (bytes: Uint8Array) => boolean;
}

/** Node 20 needs a flag for relaxed SIMD, set before a module is compiled; later versions have no such flag. */
const NEEDS_FLAG = process.version.startsWith('v20.');

const thisHost: KernelHost = {
  folder: new URL('.', import.meta.url),
  supports: (bytes) => WebAssembly.validate(bytes),
};

/** Throws `DeviceError` if the requested engine cannot run here, or was not built. */
export async function loadKernels(
  preference: KernelPreference = 'auto',
  host: KernelHost = thisHost,
): Promise<Kernels> {
  switch (preference) {
    case 'plain':
      return plainKernels;
    case 'auto':
      return (await compiled('wasm-simd', 'kernels.wasm', host)) ?? plainKernels;
    case 'wasm-simd':
      return (await compiled('wasm-simd', 'kernels.wasm', host)) ?? unsupported('128-bit SIMD');
    case 'wasm-relaxed':
      return (
        (await compiled('wasm-relaxed', 'kernels-relaxed.wasm', host)) ??
        unsupported('relaxed SIMD')
      );
  }
}

async function compiled(
  name: 'wasm-simd' | 'wasm-relaxed',
  file: string,
  host: KernelHost,
): Promise<Kernels | undefined> {
  const bytes = await read(new URL(file, host.folder));
  if (name === 'wasm-relaxed' && NEEDS_FLAG && !host.supports(bytes)) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  return host.supports(bytes) ? wasmKernels(name, new WebAssembly.Module(bytes)) : undefined;
}

async function read(file: URL): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DeviceError(`the kernels are missing (${file.pathname}): run \`npm run build\``, {
      code: 'SEN_DEV_KERNELS',
      cause,
    });
  }
}

function unsupported(feature: string): never {
  throw new DeviceError(`WebAssembly here lacks ${feature}: set engine to auto or plain`, {
    code: 'SEN_DEV_WEBASSEMBLY',
  });
}
