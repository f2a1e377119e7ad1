// The daemon's process over a recorded stream: a network whose savings are off reports what one without them reports, byte for byte.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeModel } from '../../src/app/models/model-folder.ts';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { prepare } from '../../src/detectors/scoring/training/data.ts';
import { windowTable } from '../../src/detectors/scoring/training/window-table.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { withPruning } from '../../src/lab/compression/dynatran/dynatran.ts';
import { profileOperands } from '../../src/lab/compression/dynatran/profile.ts';
import { leanModel } from '../../src/lab/compression/lean-model.ts';
import type { Model } from '../../src/models/model.ts';
import { sealModel } from '../../src/models/model-file.ts';
import type { ModelPruning } from '../../src/models/pruning.ts';
import { trainedForecaster } from '../app/forecaster-model.ts';
import { recorded, writeRecording } from '../app/recording.ts';
import { peek } from '../io/store/open-store.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigon } from './sentigon.ts';

const TRAINED = { rows: 1000, steps: 300 };
const FAULTS = [
  [200, 260],
  [400, 430],
] as const;
const STATE = 'state';

/** All that a daemon reports of a recorded stream with this model. */
interface Output {
  /** Alerts as they were logged, without the time of the log and the process. */
  readonly log: string;
  /** Every score and level, and every state of every alert. */
  readonly scores: string;
  readonly alerts: string;
}

const dense = await trainedForecaster(TRAINED);
let denseOutput: Promise<Output> | undefined;

/** Of the dense network; the daemon runs once for all tests. */
function reported(): Promise<Output> {
  denseOutput ??= outputOf(dense);
  return denseOutput;
}

async function outputOf(model: Model): Promise<Output> {
  const cwd = tempFolder();
  writeRecording(cwd, 'faulty.csv', { rows: 600, seed: 2, faults: FAULTS });
  await writeModel(join(cwd, 'm.safetensors'), model);
  const configuration = {
    node: 'pi',
    state: STATE,
    embedded: { enabled: false },
    streams: [
      {
        id: 'machine',
        source: { kind: 'csv', path: 'faulty.csv', speed: 0 },
        model: 'm.safetensors',
      },
    ],
    sinks: [{ kind: 'log' }],
  };
  writeFileSync(join(cwd, 'sentigon.yaml'), JSON.stringify(configuration));
  const { code, stdout, stderr } = await sentigon(['run'], { cwd });
  expect(`${code} ${stderr}`).toBe('0 ');
  const history = join(cwd, STATE, HISTORY_FILE);
  const own = (text: string) => text.replaceAll(model.id, 'MODEL');
  return {
    log: own(alertsIn(stdout)),
    scores: JSON.stringify(peek(history, 'SELECT * FROM score ORDER BY time_ms')),
    alerts: own(JSON.stringify(peek(history, 'SELECT * FROM alert ORDER BY sequence'))),
  };
}

function alertsIn(log: string): string {
  return log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>) // of our own daemon
    .filter(({ alert }) => alert !== undefined)
    .map(({ time: _time, pid: _pid, ...line }) => JSON.stringify(line))
    .join('\n');
}

/** The forecaster with this threshold for every operand of its products. */
async function pruned(threshold: number, form: ModelPruning[string]['form']): Promise<Model> {
  const { signal } = new AbortController();
  const kernels = await loadKernels();
  const context = { kernels, signal, seed: 1, intervalMs: 1000, progress: () => undefined };
  const series = recorded({ rows: TRAINED.rows, seed: 1 });
  const data = prepare(series, { heldBack: 0.2, shortest: 13 }, context);
  const table = windowTable(data, 13, [0, 40]);
  const profiles = await profileOperands(dense, { table, kernels, pause: async () => undefined });
  expect(profiles.length).toBeGreaterThan(4);
  const names = profiles.map(({ operand }) => operand.name);
  const pruning = Object.fromEntries(names.map((name) => [name, { form, threshold }]));
  return sealModel(withPruning(dense, pruning));
}

describe("the daemon's output over a recorded stream (#23)", () => {
  it('holds every row and both faults, and is the same in each run', async () => {
    const { scores, log } = await reported();
    expect(JSON.parse(scores).length).toBeGreaterThan(500);
    const lines = log.split('\n').map((line) => JSON.parse(line).alert.event_type);
    expect(lines).toEqual(['opened', 'closed', 'opened', 'closed']);
    expect(await outputOf(dense)).toEqual(await reported());
  });

  it.each(['elements', 'columns'] as const)(
    'is that of the dense network, byte for byte, with thresholds below 0 for %s',
    async (form) => {
      const off = await pruned(-1, form);
      expect(off.id).not.toBe(dense.id);
      expect(await outputOf(off)).toEqual(await reported());
      expect((await outputOf(await pruned(0.5, form))).scores).not.toBe((await reported()).scores);
    },
  );

  it('is that of a network trained without dynaprop, with dynaprop that leaves nothing out', async () => {
    const off = await trainedForecaster({
      ...TRAINED,
      options: { dynaprop: { activations: 0, gradients: 0 } },
    });
    expect(await outputOf(off)).toEqual(await reported());
  });

  it('is that of the whole network after a compression with ratio 0', async () => {
    const { signal } = new AbortController();
    const context = { kernels: await loadKernels(), signal, progress: () => undefined };
    const choice = { method: 'modegpt', options: { ratio: 0 } };
    const series = recorded({ rows: TRAINED.rows, seed: 1 });
    const { model } = await leanModel(dense, series, choice, context);
    expect(await outputOf(model)).toEqual(await reported());
  });
});
