// Builds the container image of the Dockerfile with Docker or Podman, and tries it: without root, with a root that is read-only.
//   node scripts/build-image.mjs [NAME]       default: sentigon:<version>
// Needs Docker or Podman, Docker Hub, and npm's registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandLine, refuse } from './command-line.mjs';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/** How long the container may take until it answers. */
const READY_MS = 120_000;

/** The name of the program that is there and whose daemon answers; undefined = none. */
export function containerEngine() {
  return ['docker', 'podman'].find((name) => spawnSync(name, ['info']).status === 0);
}

/** Throws when the image cannot be built. */
export function buildImage(engine, name) {
  execFileSync(engine, ['build', '--tag', name, REPOSITORY], { stdio: 'inherit' });
}

/** Resolves with what the container says of its health. Throws when it does not answer in time. */
export async function tryImage(engine, name) {
  const run = ['run', '--detach', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', name];
  const id = execFileSync(engine, run, { encoding: 'utf8' }).trim();
  try {
    const lastMs = Date.now() + READY_MS;
    for (;;) {
      const asked = spawnSync(engine, ['exec', id, 'sentigon', 'ctl', 'health_check'], {
        encoding: 'utf8',
      });
      if (asked.status === 0) return JSON.parse(asked.stdout);
      if (Date.now() > lastMs) {
        throw new Error(`${name} does not answer: ${asked.stderr}${logsOf(engine, id)}`);
      }
      await sleep(1000);
    }
  } finally {
    execFileSync(engine, ['rm', '--force', '--volumes', id], { stdio: 'ignore' });
  }
}

function logsOf(engine, id) {
  const { stdout, stderr } = spawnSync(engine, ['logs', id], { encoding: 'utf8' });
  return stdout + stderr;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals } = commandLine({ allowPositionals: true });
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const [name = `sentigon:${version}`] = positionals;
  const engine = containerEngine() ?? refuse('found neither Docker nor Podman, or they do not run');
  buildImage(engine, name);
  const { healthy, problems } = await tryImage(engine, name);
  console.log(`${name}: ${healthy ? 'healthy' : problems.join('; ')}`);
}
