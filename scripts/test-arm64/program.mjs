// The numbers and the packaged program on a 64-bit Pi's kind of processor, emulated without a system around it.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { fetchNode } from '../fetch-node.mjs';
import { compileTests, REPOSITORY } from './compiled-tests.mjs';

const NODE_RELEASE = '20';
/** The processor of a Raspberry Pi 4. */
const EMULATOR = ['qemu-aarch64', '-cpu', 'cortex-a72', '-L', '/usr/aarch64-linux-gnu'];

/** Enough rows of the recording to learn from, and to score across its first faults. */
const TRAINED_ROWS = 900;
const REPLAYED_ROWS = 600;

/** Prints a verdict for each check; throws at the first that fails. */
export function tryProgram(deb, { work, print }) {
  const place = { work, program: unpackDeb(deb, work), tests: join(work, 'compiled') };
  const node = fetchNode('linux-arm64', NODE_RELEASE, join(work, 'node'));
  place.emulated = [...EMULATOR, join(node, 'bin/node')];
  compileTests(place.tests);
  for (const [name, check] of Object.entries(checks)) {
    check(place);
    print(`ok      ${name}`);
  }
  return true;
}

const checks = {
  'the processor is another one': ({ emulated, work }) =>
    equal(output(emulated, ['-p', 'process.arch'], work).trim(), 'arm64'),
  'kernels give the golden bits': ({ emulated, tests, work }) => {
    output(emulated, [join(tests, 'scripts/golden/kernels.js')], work);
    equal(kernelHashes(tests), kernelHashes(REPOSITORY));
  },
  'the official GON agrees with PyTorch': ({ emulated, tests, work }) =>
    output(emulated, [join(tests, 'test/detectors/gon-official/train.test.js')], work),
  'the packaged program finds its native part and SIMD': ({ emulated, program, work }) => {
    const [command, ...node] = emulated;
    const args = [...node, join(program, 'dist/main.js'), 'doctor', '--json'];
    const { stdout } = spawnSync(command, args, { encoding: 'utf8', cwd: work });
    const found = new Map(JSON.parse(stdout).map(({ subject, ...rest }) => [subject, rest]));
    equal(found.get('better-sqlite3')?.verdict, 'ok');
    equal(found.get('kernels')?.found, 'wasm-simd');
  },
  'a replay gives the same alerts, bit by bit, and stores them': ({ emulated, program, work }) => {
    const data = join(program, 'datasets/host-faults');
    const train = firstRows(join(data, 'train.csv.gz'), join(work, 'train.csv'), TRAINED_ROWS);
    const test = firstRows(join(data, 'test.csv.gz'), join(work, 'test.csv'), REPLAYED_ROWS);
    const model = join(work, 'host.safetensors');
    const native = [process.execPath];
    output(native, [join(REPOSITORY, 'dist/main.js'), 'train', train, '--out', model], work);
    const replay = ['replay', test, '--model', model, '--json'];
    const here = output(native, [join(REPOSITORY, 'dist/main.js'), ...replay], work);
    const there = output(emulated, [join(program, 'dist/main.js'), ...replay], work);
    if (!here.includes('"alert"')) throw new Error('the replay raised no alert to compare');
    equal(alertsIn(there), alertsIn(here));
  },
};

function unpackDeb(path, work) {
  execFileSync('dpkg-deb', ['--extract', path, join(work, 'root')]);
  return join(work, 'root/usr/lib/sentigon');
}

function kernelHashes(root) {
  return JSON.parse(readFileSync(join(root, 'test/golden/kernels.json'))).hashes;
}

function firstRows(archive, path, rows) {
  const lines = gunzipSync(readFileSync(archive)).toString().split('\n');
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

function output([command, ...first], args, cwd) {
  return execFileSync(command, [...first, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function equal(found, expected) {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}
