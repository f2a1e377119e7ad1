import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));
const LOADER = import.meta.resolve('tsx');

function run(script: string, ...args: string[]) {
  const loader = script.endsWith('.ts') ? ['--import', LOADER] : [];
  return spawnSync(process.execPath, [...loader, `${SCRIPTS}${script}`, ...args], {
    encoding: 'utf8',
  });
}

it.each([
  'bench.ts',
  'build-deb.mjs',
  'decision-ablation.ts',
  'drift-alarms.ts',
  'endurance.ts',
  'fetch-datasets/main.mjs',
  'live-test.ts',
  'record-host-faults/describe.mjs',
  'record-host-faults/main.mjs',
  'results.ts',
  'row-writes.ts',
  'store-writes.ts',
  'test-arm64.mjs',
  'test-node-versions.mjs',
])('%s prints its head for --help', (script) => {
  const { status, stdout, stderr } = run(script, '--help');
  const head = readFileSync(`${SCRIPTS}${script}`, 'utf8').split('\nimport')[0] ?? '';
  expect(stderr).toBe('');
  expect(stdout).toBe(`${head.replaceAll(/^\/\/ ?/gm, '')}\n`);
  expect(status).toBe(0);
});

it.each([
  ['endurance.ts --hours 0.5', "--hours: found '0.5', expected a whole number from 1 on"],
  ['endurance.ts --minutes ten', "--minutes: found 'ten', expected a whole number from 1 on"],
  ['live-test.ts --lesson loud', "--lesson: found 'loud', expected calm or busy"],
  ['live-test.ts --pause 5', "--pause: found '5', expected a whole number from 20 on"],
  ['test-arm64.mjs --levels all', "Unknown option '--levels'"],
  ['test-arm64.mjs --level all', "--level: found 'all', expected program or system"],
  ['build-deb.mjs sparc', "found 'sparc', expected amd64, arm64, armhf"],
  ['test-node-versions.mjs', 'found no release of Node, expected some, e.g. 22 24'],
  ['record-host-faults/main.mjs', 'found no folder for the recording, expected --out DIR'],
  [
    'record-host-faults/main.mjs --out never --profile loud',
    "--profile: found 'loud', expected one of host-faults, host-quiet",
  ],
])('%s is refused in one line', (line, message) => {
  const [script = '', ...args] = line.split(' ');
  const { status, stderr } = run(script, ...args);
  expect(stderr).toBe(`${script.split('/').at(-1)}: ${message}; --help tells more\n`);
  expect(status).toBe(64);
});
