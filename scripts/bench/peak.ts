/// <reference path="../../src/engine/webassembly.d.ts" />
// What a WebAssembly loop can get out of this processor at most: as many multiplications as additions of four floats,
// which touch no memory and wait for nothing but the same chain's last.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ASC = fileURLToPath(new URL('../../node_modules/assemblyscript/bin/asc.js', import.meta.url));

const TURNS = 2 ** 15;
/** Of each kind: V8 has fifteen registers on x64, and two hold the constants. */
const CHAINS = [0, 1, 2, 3, 4, 5];

/** Multiplications and additions of floats in one call. */
export const PEAK_FLOP = TURNS * 2 * CHAINS.length * 4;

/** Returns what does `PEAK_FLOP` of them. */
export function compilePeak(): () => void {
  const module = new WebAssembly.Module(compile());
  const { exports } = new WebAssembly.Instance(module, {});
  const peak = exports['peak'] as (turns: number, factor: number, summand: number) => number; // see source
  return () => void peak(TURNS, 1, 0);
}

/** In a process of its own: the compiler leaves V8 work that would keep it from optimising what is measured. */
function compile(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-peak-'));
  try {
    writeFileSync(join(folder, 'peak.ts'), source());
    const options = ['--optimizeLevel', '3', '--runtime', 'stub', '--enable', 'simd'];
    const files = ['peak.ts', '--outFile', 'peak.wasm'];
    execFileSync(process.execPath, [ASC, ...files, ...options], { cwd: folder });
    return readFileSync(join(folder, 'peak.wasm'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Four steps of each chain a turn of the loop; the constants are arguments, or a compiler would see through them. */
function source(): string {
  const step = CHAINS.map((i) => `m${i} = f32x4.mul(m${i}, a); s${i} = f32x4.add(s${i}, b);`);
  const all = CHAINS.flatMap((i) => [`m${i}`, `s${i}`]);
  return `
export function peak(turns: i32, factor: f32, summand: f32): f32 {
  const a = f32x4.splat(factor);
  const b = f32x4.splat(summand);
  ${all.map((chain, i) => `let ${chain} = f32x4.splat(${i}.0);`).join('\n  ')}
  for (let i = 0; i < turns; i += 4) {
    ${Array.from({ length: 4 }, () => step.join('\n    ')).join('\n    ')}
  }
  return f32x4.extract_lane(${all.reduce((sum, chain) => `f32x4.add(${sum}, ${chain})`)}, 0);
}`;
}
