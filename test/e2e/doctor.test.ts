import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { broker } from '../app/daemon/setup.ts';
import { freePort } from '../io/mosquitto.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigon } from './sentigon.ts';

function folderWith(url: string): string {
  const folder = tempFolder();
  const file = join(folder, 'sentigon.yaml');
  writeFileSync(
    file,
    `broker: {url: "${url}", username: me, password: sesame}\nstreams: [{id: host, source: {kind: host}}]\n`,
  );
  chmodSync(file, 0o644);
  return folder;
}

async function diagnosed(folder: string) {
  const ended = await sentigon(['doctor', '--json'], { cwd: folder });
  const findings = JSON.parse(ended.stdout) as Finding[];
  const about = (subject: string) => findings.find((finding) => finding.subject === subject);
  return { ...ended, about };
}

describe('sentigon doctor', () => {
  it('ends with 0 when nothing fails, and never shows a password', async () => {
    const { code, stdout, stderr, about } = await diagnosed(folderWith(await broker()));
    expect(about('broker')).toMatchObject({ verdict: 'ok' });
    expect(about('better-sqlite3')?.found).toMatch(/^SQLite 3\./);
    expect(about('secrets')).toMatchObject({ verdict: 'warn' });
    expect(stdout + stderr).not.toContain('sesame');
    expect(code).toBe(0);
  });

  it('ends with 1 and says what to do when the broker is not there', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const { code, stderr, about } = await diagnosed(folderWith(url));
    expect(about('broker')).toMatchObject({
      verdict: 'fail',
      mend: 'start the broker there or correct broker.url',
    });
    expect(stderr).toMatch(/^sentigon: DEVICE: 1 of \d+ checks failed \(broker\)/);
    expect(code).toBe(1);
  });
});
