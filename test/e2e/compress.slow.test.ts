import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeForecaster } from '../app/forecaster-model.ts';
import { writeRecording } from '../app/recording.ts';
import { sentigon, startSentigon } from './sentigon.ts';

describe('sentigon compress, when all is not well', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'sentigon-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  beforeAll(async () => {
    writeRecording(cwd, 'normal.csv', { rows: 1000, seed: 1 });
    await writeForecaster(join(cwd, 'm.safetensors'), { rows: 1000, steps: 300 });
  }, 120_000);

  it('refuses a model that does worse, unless it is forced', async () => {
    const ruin = ['compress', 'm.safetensors', '--data', 'normal.csv', '--ratio', '.8'].concat([
      '--method',
      'magnitude',
      '--out',
      'ruin.safetensors',
    ]);
    const refused = await sentigon(ruin, { cwd });
    expect(refused.code).toBe(78);
    expect(refused.stderr).toMatch(
      /^sentigon: CONFIG: ruin.safetensors is not written: .*: remove less \(--ratio, --sparsity, --floor\), or write it anyway with --force \[SEN_CFG_COMPRESS_WORSE\]\n$/,
    );
    expect(existsSync(join(cwd, 'ruin.safetensors'))).toBe(false);
    const forced = await sentigon([...ruin, '--force', '--json'], { cwd });
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain('written all the same: ');
    const result = JSON.parse(forced.stdout.trim().split('\n').at(-1) as string);
    expect(result).toMatchObject({
      model: 'ruin.safetensors',
      compression: { method: 'magnitude' },
    });
    expect(readFileSync(join(cwd, 'ruin.safetensors')).length).toBe(result.bytes.after);
  }, 120_000);

  it('writes nothing when it is interrupted', async () => {
    const run = startSentigon(
      ['compress', 'm.safetensors', '--data', 'normal.csv', '--ratio', '.3', '--json'].concat([
        '--out',
        'half.safetensors',
      ]),
      { cwd },
    );
    await run.until(/"doing":"(compressing|trying)"/);
    run.child.kill('SIGINT');
    const { code } = await run.ended;
    expect(code).toBe(130);
    expect(existsSync(join(cwd, 'half.safetensors'))).toBe(false);
  }, 120_000);
});
