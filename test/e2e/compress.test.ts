import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeForecaster } from '../app/forecaster-model.ts';
import { writeRecording } from '../app/recording.ts';
import { sentigon } from './sentigon.ts';

describe('sentigon compress', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'sentigon-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  beforeAll(async () => {
    writeRecording(cwd, 'normal.csv', { rows: 1000, seed: 1 });
    writeRecording(cwd, 'faulty.csv', { rows: 400, seed: 2, faults: [[200, 260]] });
    await writeForecaster(join(cwd, 'm.safetensors'), { rows: 1000, steps: 300 });
  });

  it('writes a smaller model that finds the same fault, and says what it costs', async () => {
    const { code, stdout, stderr } = await sentigon(
      ['compress', 'm.safetensors', '--data', 'normal.csv', '--ratio', '.3'].concat([
        '--out',
        'lean.safetensors',
      ]),
      { cwd },
    );
    expect(`${code} ${stderr}`).toBe('0 ');
    expect(stdout).toMatch(
      /^lean.safetensors: forecaster model \w{16}, made from \w{16} by modegpt\n {2}numbers +\d+ -> \d+ \(\d+ % fewer/,
    );
    expect(stdout).toMatch(/a row +[\d.]+ -> [\d.]+ us/);
    expect(stdout).toMatch(/trial +200 rows: false alarms \d+ -> \d+, planted faults found/);
    const size = (name: string) => statSync(join(cwd, name)).size;
    expect(size('lean.safetensors')).toBeLessThan(size('m.safetensors'));
    const alerts = await Promise.all(
      ['m', 'lean'].map(async (name) => {
        const model = `${name}.safetensors`;
        const replay = await sentigon(['replay', 'faulty.csv', '--model', model, '--json'], {
          cwd,
        });
        return replay.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).alert)
          .filter((alert) => alert?.state === 'opened');
      }),
    );
    for (const found of alerts) expect(found).toHaveLength(1);
    const [before, after] = alerts.map(([alert]) => alert.timeMs);
    expect(Math.abs((before as number) - (after as number))).toBeLessThan(10_000);
  });
});
