// Identity of the engine of a profile. Times of one engine do not predict another.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Kernels } from '../../engine/discriminator-kernels.ts';

export const engineSchema = z.strictObject({
  /** Version of the package. */
  version: z.string().min(1),
  /** E.g. `wasm-simd`. */
  kernels: z.string().min(1),
  /** First digits of the SHA-256 of the compiled kernels; `none` without compiled kernels. */
  build: z.string().min(1),
});

export type EngineIdentity = z.infer<typeof engineSchema>;

const FOLDER = new URL('../../engine/kernels/', import.meta.url);

const FILES: Readonly<Record<string, string>> = {
  'wasm-simd': 'kernels.wasm',
  'wasm-relaxed': 'kernels-relaxed.wasm',
};

export function engineIdentity({ name }: Pick<Kernels, 'name'>, version: string): EngineIdentity {
  const file = FILES[name];
  const path = file === undefined ? undefined : new URL(file, FOLDER);
  const build =
    path && existsSync(path)
      ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
      : 'none';
  return { version, kernels: name, build };
}
