import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/apt-repository.mjs', import.meta.url));
const TOOLS = ['apt-get', 'dpkg-deb', 'dpkg-scanpackages', 'gpg'];
const has = TOOLS.every((tool) => !spawnSync(tool, ['--version']).error);

/** A package that holds nothing. */
function makePackage(folder: string, version: string, arch = hostArch()): void {
  const stage = tempFolder();
  mkdirSync(join(stage, 'DEBIAN'));
  const control = `Package: sentigon\nVersion: ${version}\nArchitecture: ${arch}\nMaintainer: me <me@localhost>\nDescription: test\n`;
  writeFileSync(join(stage, 'DEBIAN/control'), control);
  chmodSync(stage, 0o755);
  const path = join(folder, `sentigon_${version}_${arch}.deb`);
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', stage, path], { stdio: 'ignore' });
}

function hostArch(): string {
  return execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
}

/** A key of its own in a keyring of its own. */
function makeKey() {
  const home = tempFolder();
  const env = { ...process.env, GNUPGHOME: home };
  const generate = ['--batch', '--passphrase', '', '--quick-gen-key', 'test <me@localhost>'];
  execFileSync('gpg', [...generate, 'ed25519', 'sign', '1d'], { env, stdio: 'ignore' });
  onTestFinished(() => void spawnSync('gpgconf', ['--kill', 'all'], { env }));
  const listed = execFileSync('gpg', ['--list-keys', '--with-colons'], {
    ...{ env, encoding: 'utf8', stdio: 'pipe' },
  });
  return { env, key: /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '' };
}

function publish(...versions: string[]) {
  const [folder, repository] = [tempFolder(), tempFolder()];
  for (const version of versions) makePackage(folder, version);
  const { env, key } = makeKey();
  const url = `file:${repository}`;
  const run = () =>
    spawnSync(process.execPath, [SCRIPT, folder, repository, '--key', key, '--url', url], {
      ...{ env, encoding: 'utf8' },
    });
  return { folder, repository, run };
}

/** The real apt, with everything it reads and writes in a folder of its own. */
function aptOn(repository: string) {
  const root = tempFolder();
  for (const path of ['state/lists/partial', 'cache/archives/partial', 'etc/sources.list.d'])
    mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, 'status'), '');
  const key = join(repository, 'sentigon-archive-keyring.asc');
  const sources = readFileSync(join(repository, 'sentigon.sources'), 'utf8').replace(
    /^Signed-By: .*$/m,
    `Signed-By: ${key}`,
  );
  writeFileSync(join(root, 'etc/sources.list.d/sentigon.sources'), sources);
  const options = {
    'Dir::State': join(root, 'state'),
    'Dir::State::status': join(root, 'status'),
    'Dir::Cache': join(root, 'cache'),
    'Dir::Etc': join(root, 'etc'),
    'Dir::Etc::trusted': join(root, 'etc/trusted.gpg'),
    'Dir::Etc::trustedparts': join(root, 'etc/trusted.gpg.d'),
    'APT::Sandbox::User': '', // root would become _apt, which may not read the folders of this test
    'Debug::NoLocking': 'true',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('apt-get', [...settings, ...words], {
      ...{ cwd: root, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
    });
    return { status, said: stdout + stderr, files: readdirSync(root) };
  };
}

describe.skipIf(!has)('the apt repository (#21)', () => {
  it('is taken by apt: its newest package is downloaded, and would be installed', () => {
    const { repository, run } = publish('0.9.0', '0.10.0');
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining('2 packages added') });
    const apt = aptOn(repository);
    const updated = apt('update', '-o', 'APT::Update::Error-Mode=any');
    expect(updated.said).not.toMatch(/^(W|E):/m);
    expect(updated.status).toBe(0);
    const downloaded = apt('download', 'sentigon');
    expect(downloaded.status, downloaded.said).toBe(0);
    expect(downloaded.files).toContain(`sentigon_0.10.0_${hostArch()}.deb`);
    expect(apt('install', '--simulate', 'sentigon').said).toContain('Inst sentigon (0.10.0');
    expect(apt('install', '--simulate', 'sentigon=0.9.0').said).toContain('Inst sentigon (0.9.0');
  });

  it('is refused when a list was changed, when another key signed it, and when none did', () => {
    const { repository, run } = publish('1.0.0');
    expect(run().status).toBe(0);
    const strict = ['update', '-o', 'APT::Update::Error-Mode=any'];
    const dist = join(repository, 'dists/stable');
    const list = join(dist, `main/binary-${hostArch()}/Packages`);
    const before = readFileSync(list, 'utf8');
    for (const file of [list, `${list}.gz`]) writeFileSync(file, before.replace('1.0.0', '6.6.6'));
    expect(aptOn(repository)(...strict).status).not.toBe(0);
    expect(run().status).toBe(0);
    expect(aptOn(repository)(...strict).status).toBe(0);
    const stranger = publish('1.0.0');
    expect(stranger.run().status).toBe(0);
    const keyring = 'sentigon-archive-keyring.asc';
    writeFileSync(join(repository, keyring), readFileSync(join(stranger.repository, keyring)));
    expect(aptOn(repository)(...strict)).toMatchObject({ status: 100 });
  });

  it('keeps what was published, and takes no other package of the same name', () => {
    const { folder, repository, run } = publish('1.0.0');
    expect(run().status).toBe(0);
    expect(run().status).toBe(0);
    makePackage(folder, '1.1.0');
    expect(run().status).toBe(0);
    const pool = join(repository, 'pool/main/s/sentigon');
    expect(readdirSync(pool)).toHaveLength(2);
    writeFileSync(join(folder, `sentigon_1.0.0_${hostArch()}.deb`), 'another');
    expect(run()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('raise the version'),
    });
    expect(existsSync(join(repository, 'dists/stable/InRelease'))).toBe(true);
  });

  it('says what is missing on its command line', () => {
    const bare = spawnSync(process.execPath, [SCRIPT], { encoding: 'utf8' });
    expect(bare).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('expected the folder'),
    });
    const keyless = spawnSync(process.execPath, [SCRIPT, 'a', 'b'], { encoding: 'utf8' });
    expect(keyless.stderr).toContain('--key is missing');
  });
});
