import { it } from 'vitest';
import { expectHelp, expectRefusal } from './script-runs.ts';

it.each([
  'build-deb.mjs',
  'fetch-datasets/main.mjs',
  'live-test.ts',
  'record-host-faults/describe.mjs',
  'record-host-faults/main.mjs',
  'test-arm64.mjs',
  'test-node-versions.mjs',
])('%s prints its head for --help', (script) => {
  expectHelp(script);
});

it.each([
  ['endurance.ts --hours 0.5', "--hours: found '0.5', expected a whole number from 1 on"],
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
  expectRefusal(line, message);
});
