import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { download } from '../../../src/app/update/download.ts';
import { openOrigin } from '../../../src/app/update/origin.ts';
import type { ReleaseFile } from '../../../src/app/update/release.ts';
import { UpdateError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { serve, writeFile } from './signed-release.ts';

const NAME = 'sentigon_1.2.0_arm64.deb';
const BYTES = 300_000;

async function origin(options: { ranges?: boolean } = {}) {
  const folder = tempFolder();
  const path = writeFile(folder, NAME, BYTES);
  const content = readFileSync(path);
  const file: ReleaseFile = {
    ...{ kind: 'deb', arch: 'arm64', name: NAME, bytes: BYTES, abi: '115' },
    sha256: createHash('sha256').update(content).digest('hex'),
  };
  const served = await serve(folder, options);
  return { path, content, file, served, staging: tempFolder() };
}

describe('the download of a release', () => {
  it('lies complete in its folder, and is not fetched twice', async () => {
    const { content, file, served, staging } = await origin();
    const path = await download(openOrigin(served.url), file, staging);
    expect(readFileSync(path).equals(content)).toBe(true);
    await download(openOrigin(served.url), file, staging);
    expect(served.asked).toHaveLength(1);
  });

  it('goes on where it was cut off', async () => {
    const { content, file, served, staging } = await origin();
    const part = join(staging, `${NAME}.part`);
    const arrived = () => existsSync(part) && statSync(part).size > 0;
    served.hangUp = { bytes: 120_000, cut: () => vi.waitUntil(arrived, { timeout: 60_000 }) };
    const cut = download(openOrigin(served.url), file, staging);
    await expect(cut).rejects.toThrow(UpdateError);
    await expect(cut).rejects.toThrow(/cannot be read|ended after \d+ of 300000 bytes/);
    expect(existsSync(join(staging, NAME))).toBe(false);
    const path = await download(openOrigin(served.url), file, staging);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(served.asked[1]).toMatch(/bytes=[1-9]\d*-$/);
  });

  it('begins again where the server knows no ranges', async () => {
    const { content, file, served, staging } = await origin({ ranges: false });
    writeFileSync(join(staging, `${NAME}.part`), content.subarray(0, 1000));
    const path = await download(openOrigin(served.url), file, staging);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('says how far it came when the file is truncated where it lies', async () => {
    const { path, content, file, staging } = await origin();
    writeFileSync(path, content.subarray(0, 1234));
    const short = download(openOrigin(join(path, '..')), file, staging);
    await expect(short).rejects.toThrow(/ended after 1234 of 300000 bytes: run the same command/);
  });

  it.each([
    [
      'has other bytes than were signed',
      (at: string) => writeFile(join(at, '..'), NAME, BYTES),
      /sha256 differs/,
    ],
    [
      'is longer than was signed',
      (at: string) => appendFileSync(at, 'more'),
      /is longer than the 300000/,
    ],
  ])('is thrown away when it %s', async (_, spoil, reason) => {
    const { path, file, served, staging } = await origin();
    spoil(path);
    const wrong = { ...file, sha256: '0'.repeat(64) };
    const bad = download(openOrigin(served.url), wrong, staging);
    await expect(bad).rejects.toThrow(UpdateError);
    await expect(bad).rejects.toThrow(reason);
    expect(readdirSync(staging)).toEqual([]);
  });

  it('throws away what an earlier try left and somebody has changed', async () => {
    const { content, file, served, staging } = await origin();
    writeFileSync(join(staging, NAME), 'evil');
    const path = await download(openOrigin(served.url), file, staging);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('is not begun where there is no room for it', async () => {
    const { file, served, staging } = await origin();
    const huge = { ...file, bytes: 1e15 };
    const full = download(openOrigin(served.url), huge, staging);
    await expect(full).rejects.toThrow(/MB left, the update needs 6000000000: free some space/);
    expect(served.asked).toEqual([]);
  });

  const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
  it.skipIf(!mayMount)('leaves nothing on a disk that runs full on the way', async () => {
    const { file, served, staging } = await origin();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2200k', 'none', staging]);
    expect(mounted.status).toBe(0);
    onTestFinished(() => void spawnSync('umount', [staging]));
    // there is room at first; then somebody else takes it
    const slow = openOrigin(served.url);
    const racing = {
      ...slow,
      open(name: string, fromByte: number) {
        writeFileSync(join(staging, 'others'), Buffer.alloc(2_100_000));
        return slow.open(name, fromByte);
      },
    };
    await expect(download(racing, file, staging)).rejects.toThrow(/no space left on the disk/);
    expect(readdirSync(staging)).toEqual(['others']);
  });
});
