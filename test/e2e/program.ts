// The program as it is installed, for tests that start it: from its sources each start would take three times as long.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** One folder for each state of the sources, so that nobody builds what another is running. */
const BUILDS = join(ROOT, 'node_modules/.cache/sentigon');
/** A build that is older goes with the next one, ms. */
const KEEP_MS = 4 * 3_600_000;

/**
 * Path of its `main.js`, compiled when the sources have changed. On import, because that is no part of a test, which would
 * run out of its time.
 */
export const PROGRAM = build(join(BUILDS, stateOf(join(ROOT, 'src'))));

function build(folder: string): string {
  const main = join(folder, 'dist/main.js');
  if (existsSync(main)) return main;
  forgetOldBuilds();
  const partial = `${folder}.${process.pid}`;
  mkdirSync(join(partial, 'dist'), { recursive: true });
  for (const name of ['package.json', 'datasets', 'systemd']) {
    symlinkSync(join(ROOT, name), join(partial, name));
  }
  const run = (script: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'pipe' });
  run('node_modules/typescript/bin/tsc', '-p', 'src', '--noCheck', '--outDir', `${partial}/dist`);
  run('scripts/copy-assets.mjs', join(partial, 'dist'));
  try {
    renameSync(partial, folder);
  } catch {
    rmSync(partial, { recursive: true }); // another worker was faster, with the same sources
  }
  return main;
}

/** Changes with every file that is written, also when it keeps its length. */
function stateOf(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const { mtimeMs, size } = statSync(join(folder, entry));
    hash.update(`${entry} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

function forgetOldBuilds(): void {
  for (const name of existsSync(BUILDS) ? readdirSync(BUILDS) : []) {
    const found = statSync(join(BUILDS, name), { throwIfNoEntry: false }); // another run may forget it, too
    if (found && Date.now() - found.mtimeMs > KEEP_MS)
      rmSync(join(BUILDS, name), { recursive: true, force: true });
  }
}
