// Runs the tests on other releases of Node: node scripts/test-node-versions.mjs 22 24
// Each gets a copy of the files that git knows or would add, and an installation of its own, with the better-sqlite3 that
// npm chooses for it: the locked one is that of Node 20, and is ended by an assertion where Node 24.19 or later built it.
// Needs npm's registry, which serves Node too, and what `npm install` and `npm test` need here.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, refuse } from './command-line.mjs';
import { fetchNode } from './fetch-node.mjs';

/** Whoever tries several releases waits anyway, and does so on a machine that does other things. */
const TEST_TIMEOUT_MS = 180_000;

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

const { positionals: releases } = commandLine({ allowPositionals: true });
if (releases.length === 0) refuse('found no release of Node, expected some, e.g. 22 24');
const work = mkdtempSync(join(tmpdir(), 'sentigon-node-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
for (const release of releases) {
  const machine = `${process.platform}-${process.arch}`;
  const unpacked = fetchNode(machine, release, join(work, `node-${release}`));
  const node = join(unpacked, 'bin/node');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const { good, summary } = runTests(node, environmentOf(unpacked), copyTree(release));
  console.log(`${good ? 'ok     ' : 'failed '} Node ${version}: ${summary}`);
  if (!good) process.exitCode = 1;
}

/** In which every child finds that Node, and node-gyp its headers. */
function environmentOf(unpacked) {
  const path = [join(unpacked, 'bin'), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, npm_config_nodedir: unpacked };
}

function copyTree(release) {
  const folder = join(work, `tree-${release}`);
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: REPOSITORY, encoding: 'utf8' });
  for (const file of files
    .split('\0')
    .filter((path) => path && existsSync(join(REPOSITORY, path)))) {
    cpSync(join(REPOSITORY, file), join(folder, file));
  }
  return folder;
}

function runTests(node, env, folder) {
  const npm = realpathSync(
    execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim(),
  );
  const run = (...args) =>
    spawnSync(node, [npm, ...args], { cwd: folder, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const installed = run('update', 'better-sqlite3', '--no-audit', '--no-fund');
  if (installed.status !== 0) {
    process.stderr.write(installed.stdout + installed.stderr);
    return { good: false, summary: 'npm update does not pass' };
  }
  const tested = run('test', '--', `--testTimeout=${TEST_TIMEOUT_MS}`);
  const [summary] = /^\d+ passed, .*$/m.exec(tested.stdout) ?? ['npm test ended without a count'];
  if (tested.status !== 0) process.stderr.write(tested.stdout + tested.stderr);
  return { good: tested.status === 0, summary };
}
