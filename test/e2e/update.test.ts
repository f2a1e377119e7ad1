// The built program in a prefix, as npm or an unpacked archive leave it, updates itself; systemctl is a script.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, signRelease } from '../app/update/signed-release.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { PROGRAM } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEBIAN = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' }[process.arch as 'x64'];

/** One prefix for all: whatever fails has to leave it as it was. The last test replaces it. */
let lib = '';
const rootOf = () => join(lib, 'sentigon');

beforeAll(() => {
  lib = mkdtempSync(join(dirname(dirname(PROGRAM)), '..', 'prefix-'));
  mkdirSync(rootOf());
  // links to the files instead of copies: they lie on one disk
  execFileSync('cp', ['-rl', dirname(PROGRAM), join(rootOf(), 'dist')]);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(rootOf(), 'package.json'), JSON.stringify({ ...manifest, version: '1.0.0' }));
  symlinkSync(join(ROOT, 'node_modules'), join(rootOf(), 'node_modules'));
});

afterAll(() => rmSync(lib, { recursive: true }), 60_000);

/** The next release, of which nobody asks more than its version. */
function nextRelease(folder: string, says: string): void {
  mkdirSync(join(folder, 'sentigon/dist'), { recursive: true });
  writeFileSync(join(folder, 'sentigon/dist/main.js'), says);
  writeFileSync(join(folder, 'sentigon/package.json'), JSON.stringify({ version: '9.9.9' }));
}

/** Restarts fail, or end in restarts of their own, while the program in the prefix is the one that `ill` names. */
const SYSTEMCTL = `#!/bin/sh
here=$(dirname "$0"); echo "$*" >> "$here/calls"
ill() { grep -q '"version":"9.9.9"' "$PREFIX/sentigon/package.json" && [ "$(cat "$here/ill")" = "$1" ]; }
case "$1" in
  list-units) echo 'sentigon.service loaded active running Sentigon' ;;
  restart) if ill start; then echo 'Job for sentigon.service failed.' >&2; exit 1; fi ;;
  show) if ill later; then echo x >> "$here/restarts"; fi
    echo ActiveState=active; echo "NRestarts=$(cat "$here/restarts" | wc -l)" ;;
esac
`;

/** Tells which release has its place at that moment. */
const SYNC = `#!/bin/sh
echo "sync $* beside $(cat "$PREFIX/sentigon/package.json")" >> "$(dirname "$0")/calls"
`;

async function installed(says = "console.log('9.9.9');") {
  const folder = tempFolder();
  const root = rootOf();
  const bin = join(folder, 'bin');
  const releases = join(folder, 'releases');
  for (const each of [bin, releases, join(folder, 'state/models')]) {
    mkdirSync(each, { recursive: true });
  }
  writeFileSync(join(bin, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
  writeFileSync(join(bin, 'sync'), SYNC, { mode: 0o755 });
  for (const name of ['ill', 'restarts', 'calls']) writeFileSync(join(bin, name), '');
  nextRelease(join(folder, 'fresh'), says);
  const archive = join(releases, `sentigon-9.9.9-${DEBIAN}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', join(folder, 'fresh'), 'sentigon']);
  const { key } = signRelease(releases, '9.9.9', { minNode: '20.0.0' });
  const manifest = join(releases, 'release.json');
  const { url } = await serve(releases);
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `state: ${folder}/state\nupdate: {from: "${url}", publicKey: "${key}"}\nstreams: [{id: a, source: {kind: host}}]\n`,
  );
  const versionNow = () =>
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const update = (...args: readonly string[]) => run(folder, join(root, 'dist/main.js'), args);
  return { folder, root, bin, manifest, versionNow, update };
}

function run(cwd: string, main: string, args: readonly string[]) {
  const child = spawn(process.execPath, [main, 'update', '--settle', '1', ...args], {
    cwd,
    env: { PATH: `${cwd}/bin:${process.env['PATH']}`, PREFIX: lib },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

// a release is made for one binary interface of Node
describe.skipIf(process.versions.modules !== '115')('sentigon update', () => {
  it.each([
    ['does not become ready', 'start', 'Job for sentigon.service failed'],
    ['dies a moment later', 'later', 'sentigon.service was started again'],
  ])(
    'puts the previous release back when the new one %s, and ends with 75',
    async (_, ill, why) => {
      const { bin, versionNow, update } = await installed();
      writeFileSync(join(bin, 'ill'), ill);
      const { code, stderr } = await update('--yes');
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringMatching(/^sentigon: UPDATE: release 9\.9\.9 did not start .*: 1\.0\.0 runs/),
      ]);
      expect(stderr).toContain(why);
      expect(code).toBe(75);
      expect(versionNow()).toBe('1.0.0');
      const calls = readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n');
      const [stopped, restarted] = calls.filter((call) => /^(stop|restart)/.test(call)).slice(-2);
      expect([stopped, restarted]).toEqual(['stop sentigon.service', 'restart sentigon.service']);
    },
  );

  it('is not tried again by the timer once it was put back', async () => {
    const { folder, bin, versionNow, update } = await installed();
    writeFileSync(join(bin, 'ill'), 'start');
    expect((await update('--yes')).code).toBe(75);
    const before = readFileSync(join(bin, 'calls'), 'utf8');
    const config = join(folder, 'sentigon.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('update: {', '$&auto: true, '));
    const { code, stdout } = await update('--scheduled');
    expect(stdout).toMatch(
      /this release failed before and is not installed automatically again: .* --yes\n$/,
    );
    expect(code).toBe(0);
    expect(versionNow()).toBe('1.0.0');
    const since = readFileSync(join(bin, 'calls'), 'utf8').slice(before.length);
    expect(since).not.toMatch(/^(stop|restart)/m);
  });

  it('touches nothing when the new release does not even start on this machine', async () => {
    const { bin, versionNow, update } = await installed('throw new Error("of another machine");');
    const { code, stderr } = await update('--yes');
    expect(stderr).toMatch(/^sentigon: UPDATE: release 9\.9\.9 does not start on this machine/);
    expect(code).toBe(1);
    expect(versionNow()).toBe('1.0.0');
    expect(readFileSync(join(bin, 'calls'), 'utf8')).not.toContain('restart');
  });

  it('uses nothing of a manifest that was tampered with, and says so in a line', async () => {
    const { manifest, versionNow, update } = await installed();
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('9.9.9', '9.9.8'));
    const { code, stdout, stderr } = await update('--yes');
    expect(stderr).toMatch(/^sentigon: UPDATE: .*was altered, or signed with another key.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(versionNow()).toBe('1.0.0');
  });

  it('asks for the key that releases are signed with', async () => {
    const { folder, update } = await installed();
    writeFileSync(join(folder, 'sentigon.yaml'), `update: {from: "${folder}/releases"}\n`);
    const { code, stderr } = await update('--check');
    expect(stderr).toMatch(/no key is configured to check releases with: set update\.publicKey/);
    expect(code).toBe(78);
  });

  it('reports a newer release, installs it, restarts what ran, and keeps the previous one', async () => {
    const { folder, root, bin, versionNow, update } = await installed();
    const check = await update('--check');
    expect(check).toMatchObject({ code: 0, stderr: '' });
    expect(check.stdout).toBe(
      'release 9.9.9 of 2026-11-26 is newer than 1.0.0\nMends the counting of things.\n',
    );
    expect(JSON.parse(readFileSync(join(folder, 'state/update.json'), 'utf8'))).toMatchObject({
      version: '9.9.9',
    });
    expect((await update('--scheduled')).stdout).toBe(check.stdout); // auto is off: only told
    expect((await update()).stderr).toContain('add --yes to install the release');
    expect(versionNow()).toBe('1.0.0');

    const done = await update('--yes');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('signed and complete');
    expect(done.stdout).toContain('sentigon.service runs with it');
    expect(versionNow()).toBe('9.9.9');
    const calls = readFileSync(join(bin, 'calls'), 'utf8');
    expect(calls).toContain('restart sentigon.service\n');
    // on the disk before it takes the other's place: a power cut leaves the one or the other, whole
    expect(calls).toMatch(/^sync .*unpacked\/sentigon beside .*"version":"1\.0\.0"/m);
    const staging = join(dirname(root), '.sentigon-update');
    expect(readdirSync(staging).filter((name) => !name.startsWith('update'))).toEqual(['previous']);
    expect(readFileSync(join(staging, 'previous/package.json'), 'utf8')).toContain('"1.0.0"');
    expect(readdirSync(join(folder, 'state/backups'))).toHaveLength(1);
    expect(existsSync(join(folder, 'state/update.json'))).toBe(false);
  });
});
