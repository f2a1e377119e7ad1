// The first command on a fresh checkout must not depend on a compiler that crashes now and then (#18).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REAL = pathToFileURL(join(ROOT, 'node_modules/assemblyscript/dist/asc.js')).href;

/** The compiler, but that its first `crashes` runs end with a segmentation fault of their process. */
function crashing(crashes: number, log: string): string {
  return `
import { appendFileSync, readFileSync } from 'node:fs';
const log = ${JSON.stringify(log)};
export default {
  async main(args) {
    appendFileSync(log, 'run\\n');
    if (readFileSync(log, 'utf8').split('\\n').length - 1 <= ${crashes}) {
      process.kill(process.pid, 'SIGSEGV');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }
    const { default: asc } = await import(${JSON.stringify(REAL)});
    return asc.main(args);
  },
};
`;
}

/** Builds kernels that are soon compiled, in a folder of their own, with the compiler under that name. */
function build(crashes: number, fault = '', name = 'assemblyscript') {
  const folder = tempFolder();
  const kernels = 'src/engine/kernels';
  for (const path of ['scripts/build-kernels.mjs', 'scripts/kernels']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  mkdirSync(join(folder, kernels, 'assembly'), { recursive: true });
  const main = join(folder, kernels, 'assembly/index.ts');
  writeFileSync(main, `export function one(): i32 { return 1; }\n${fault}`);
  const log = join(folder, 'runs');
  writeFileSync(log, '');
  const compiler = join(folder, 'node_modules', name);
  mkdirSync(compiler, { recursive: true });
  writeFileSync(join(compiler, 'package.json'), '{"exports": {"./asc": "./asc.mjs"}}');
  writeFileSync(join(compiler, 'asc.mjs'), crashing(crashes, log));
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build-kernels.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const runs = readFileSync(log, 'utf8').split('\n').length - 1;
  return { status, stderr, runs, folder: join(folder, kernels) };
}

describe('build-kernels', () => {
  it('compiles again when the compiler was killed by its own fault, and says so', () => {
    const { status, stderr, runs, folder } = build(2);
    expect(stderr.match(/was ended by SIGSEGV: attempt \d of 5/g)).toEqual([
      'was ended by SIGSEGV: attempt 2 of 5',
      'was ended by SIGSEGV: attempt 3 of 5',
    ]);
    expect({ status, runs }).toEqual({ status: 0, runs: 4 }); // two crashes, two builds
    for (const name of ['kernels.wasm', 'kernels-relaxed.wasm']) {
      expect(WebAssembly.validate(readFileSync(join(folder, name)))).toBe(true);
    }
  });

  it('gives up after five crashes on end, and leaves nothing half written', () => {
    const { status, stderr, runs, folder } = build(100);
    expect({ status, runs }).toEqual({ status: 1, runs: 5 });
    expect(stderr).toContain('was ended by SIGSEGV 5 times on end');
    expect(readdirSync(folder)).toEqual(['assembly']);
  });

  it('does not try again what the sources are at fault for', () => {
    const { status, stderr, runs, folder } = build(0, 'export const broken: i32 = nope;\n');
    expect({ status, runs }).toEqual({ status: 1, runs: 1 });
    expect(stderr).toContain("Cannot find name 'nope'");
    expect(existsSync(join(folder, 'kernels.wasm'))).toBe(false);
  });

  it('does not try again without a compiler', () => {
    const { status, stderr } = build(0, '', 'none');
    expect(status).toBe(1);
    expect(stderr).toContain("Cannot find package 'assemblyscript'");
    expect(stderr).not.toContain('attempt');
  });
});
