import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayConfig } from '../../../src/app/cli/replay-config.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { run } from '../../../src/app/daemon/daemon.ts';
import { runJobs } from '../../../src/app/evaluate/run-jobs.ts';
import { createLog } from '../../../src/app/log.ts';
import { DeviceError } from '../../../src/core/errors.ts';
import { trainInWorker } from '../../../src/lab/training.ts';
import { engineNames } from '../../../src/models/load-engine.ts';
import { tensorflowBuilds } from '../../contracts/tensorflow-builds.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

const isInstalled = tensorflowBuilds.some(({ name, tf }) => name.endsWith('-node') && tf);
const recording = { name: 'r', path: 'r.csv' };
const asked = { speed: 0, state: tmpdir() };

describe('the engine', () => {
  it('is any that there is, and auto unless something else is asked for', () => {
    const streams = [{ id: 'a', source: { kind: 'host' } }];
    expect(configSchema.parse({ streams }).engine).toBe('auto');
    for (const engine of engineNames) {
      expect(configSchema.parse({ engine, streams }).engine).toBe(engine);
    }
    expect(() => configSchema.parse({ engine: 'torch', streams })).toThrow(/engine/);
  });

  it('of a replay is that of its configuration, unless the command names one', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sentigon-')), 'c.yaml');
    writeFileSync(file, 'engine: plain\nstreams: [{ id: a, source: { kind: host } }]\n');
    const environment = readEnvironment();
    expect((await replayConfig(recording, asked, environment)).engine).toBe('auto');
    const configured = await replayConfig(recording, { ...asked, config: file }, environment);
    expect(configured.engine).toBe('plain');
    const both = { ...asked, config: file, engine: 'tensorflow' } as const;
    expect((await replayConfig(recording, both, environment)).engine).toBe('tensorflow');
  });

  it('of a training is the one that was asked for', async () => {
    const sizes = { lengths: [4], shapeLengths: [], linearLength: 3, hidden: 8, memoryKb: 2 };
    const [byPlain, byDefault] = await Promise.all(
      (['plain', undefined] as const).map((engine) =>
        trainInWorker(
          'gon',
          toySeries({ rows: 200, seed: 1 }),
          { ...sizes, steps: 8, batch: 8 },
          { seed: 1, intervalMs: 1000, engine },
        ),
      ),
    );
    expect(byPlain?.id).not.toBe(byDefault?.id); // other roundings
  });

  describe.skipIf(isInstalled)('tensorflow says what it needs', () => {
    const never = new AbortController().signal;

    it('to a training', async () => {
      const training = { seed: 1, intervalMs: 1000, engine: 'tensorflow' } as const;
      const asked = trainInWorker('gon', toySeries({ rows: 200, seed: 1 }), {}, training);
      await expect(asked).rejects.toThrow(DeviceError);
      await expect(asked).rejects.toThrow('npm install');
    });

    it('to a replay, as to the daemon', async () => {
      const path = join(mkdtempSync(join(tmpdir(), 'sentigon-')), 'r.csv');
      writeFileSync(path, 'time,a\n0,1\n1000,2\n');
      const options = { ...asked, state: join(path, '..'), engine: 'tensorflow' } as const;
      const config = await replayConfig({ name: 'r', path }, options, readEnvironment());
      const log = createLog({ level: 'silent', style: 'json', write: () => undefined });
      await expect(run(config, never, { log })).rejects.toThrow(DeviceError);
    });

    it('to an evaluation', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sentigon-'));
      const lines = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${i > 30 ? 1 : 0}`);
      writeFileSync(join(folder, '001_X_tr_30_1st_31.csv'), `a,Label\n${lines.join('\n')}\n`);
      const job = {
        ...{ folder, dataset: 'D', series: '001_X_tr_30_1st_31', detector: 'gon' },
        ...{ seeds: [1], tolerance: 10, engine: 'tensorflow' as const },
      };
      const context = { parallel: 1, signal: never, onRow: () => undefined };
      await expect(runJobs([job], context)).rejects.toThrow(DeviceError);
    });
  });
});
