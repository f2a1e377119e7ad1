// The numbers and the packaged program on a 64-bit Pi's kind of processor, emulated without a system around it.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { fetchNode } from '../fetch-node.mjs';
import { compileTests, REPOSITORY } from './compiled-tests.mjs';
import { learnAndWatch } from './learning-daemon.mjs';

const NODE_RELEASE = '20';
/** The processor of a Raspberry Pi 4. */
const EMULATOR = ['qemu-aarch64', '-cpu', 'cortex-a72', '-L', '/usr/aarch64-linux-gnu'];

/** The program as it is built here. */
const MAIN = join(REPOSITORY, 'dist/main.js');

/** Enough rows of the recording to learn from, and to score across its first faults. */
const TRAINED_ROWS = 900;
const REPLAYED_ROWS = 600;

/** Share of the encoder layers that the daemon removes. */
const REMOVED = 0.3;

/** Prints a verdict for each check, with what it returns; throws at the first that fails. */
export async function tryProgram(deb, { work, print }) {
  const place = { work, program: unpackDeb(deb, work), tests: join(work, 'compiled') };
  const node = fetchNode('linux-arm64', NODE_RELEASE, join(work, 'node'));
  place.emulated = [...EMULATOR, join(node, 'bin/node')];
  compileTests(place.tests);
  for (const [name, check] of Object.entries(checks)) {
    const found = await check(place);
    print(`ok      ${name}${found ? `: ${found}` : ''}`);
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
  'the official GON agrees with PyTorch': ({ emulated, tests, work }) => {
    output(emulated, [join(tests, 'test/detectors/gon-official/train.test.js')], work);
  },
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
    output(native, [MAIN, 'train', train, '--out', model], work);
    const replay = ['replay', test, '--model', model, '--json'];
    const here = output(native, [MAIN, ...replay], work);
    const there = output(emulated, [join(program, 'dist/main.js'), ...replay], work);
    if (!here.includes('"alert"')) throw new Error('the replay raised no alert to compare');
    equal(alertsIn(there), alertsIn(here));
  },
  'a daemon learns a lean network, watches with it, learns another and goes back, bit by bit as here':
    async ({ emulated, program, work }) => {
      const lean = { compress: REMOVED };
      const command = [...withChildren(emulated, work), join(program, 'dist/main.js')];
      const there = await learnAndWatch(command, join(work, 'emulated'), lean);
      const native = [process.execPath, MAIN];
      equal(there, await learnAndWatch(native, join(work, 'native'), lean));
      requireReturn(there);
      const whole = await learnAndWatch(native, join(work, 'whole'), {});
      equal(whole.file.compression, undefined);
      const [numbers, before] = [there.file.numbers, whole.file.numbers];
      if (numbers >= before) throw new Error(`found ${numbers} numbers, expected below ${before}`);
      return `${numbers} numbers instead of ${before}`;
    },
};

/** Both alerts are of the first model, and after the second training and the return it is live again. */
function requireReturn({ alerts, records: { afterLesson, afterTraining, atEnd } }) {
  const liveIn = (records) => records.filter(({ standing }) => standing === 'live');
  const [first] = liveIn(afterLesson);
  const [second] = liveIn(afterTraining);
  equal([afterLesson.length, afterTraining.length, first.id === second.id], [1, 2, false]);
  for (const { compression } of [first, second]) equal(compression.method, 'modegpt');
  equal(liveIn(atEnd)[0].id, first.id);
  for (const { model } of alerts) equal(model, first.id);
}

/**
 * Where Node starts a process of its own, e.g. to train, the kernel cannot start the other processor's program without binfmt:
 * it gets a script in its place.
 */
function withChildren(emulated, work) {
  const script = join(work, 'emulated-node');
  writeFileSync(script, `#!/bin/sh\nexec ${emulated.join(' ')} "$@"\n`);
  chmodSync(script, 0o755);
  const preload = `process.execPath = ${JSON.stringify(script)}`;
  return [...emulated, '--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}

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
