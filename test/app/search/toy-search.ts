// A search that takes no time: a small space, a device whose latency is what its networks multiply, made-up accuracies.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SearchSession, SessionContext } from '../../../src/app/search/session.ts';
import { type SearchSettings, settingsSchema } from '../../../src/app/search/settings.ts';
import type { CandidateResult } from '../../../src/lab/candidates/contract.ts';
import type { Job, JobContext, Pool } from '../../../src/lab/jobs/pool.ts';
import type { EngineIdentity } from '../../../src/lab/profiler/engine-identity.ts';
import type { ProfiledNetwork } from '../../../src/lab/profiler/network.ts';
import { type Profile, writeProfile } from '../../../src/lab/profiler/profile.ts';
import { macsOf } from '../../../src/lab/profiler/work.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { spaceSchema } from '../../../src/lab/search/design-space/space.ts';
import { labelsOf } from '../../../src/lab/series/segments.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import { familyOf, type NetworkDesign } from '../../../src/models/network-family.ts';
import { ordinarySeries, PLANTED, plantedSeries } from '../../contracts/planted.ts';
import { tempFolder } from '../../io/temp-folder.ts';

export const ENGINE = { version: '1.0.0', kernels: 'plain', build: 'none' };

/** 12 networks. */
export const space = spaceSchema.parse({
  ...{ layers: [1], ops: ['attention-scaled', 'transform-dft', 'convolution-5'] },
  ...{ heads: [1, 2], hidden: [8, 16], feedForward: [16], rows: 16, patch: 2 },
});

/** An encoder of a search over encoders. */
export function encoderOf(design: NetworkDesign): DesignPoint {
  if ('layers' in design) return design;
  throw new RangeError('the design is no encoder');
}

export const secondsOf = (network: ProfiledNetwork): number => 1e-9 * macsOf(network);

function toyProfile(
  engine: EngineIdentity,
  kind: string,
  points: readonly NetworkDesign[],
): Profile {
  const networks = points.map((point) => {
    const patch = familyOf(point).kind === 'encoder' ? 2 : 1;
    return { point, rows: 16, patch, width: 3, horizon: 1 };
  });
  const contender = {
    features: 'analytic',
    regressor: 'gaussian-process',
    mape: 0,
    mse: 0,
  } as const;
  return {
    format: 'sentigon-profile/1',
    device: { kind, model: 'toy', cores: 4, memoryBytes: 1e9, node: 'v20', os: 'Linux' },
    engine,
    measuredAt: '2026-01-01T00:00:00Z',
    seed: 1,
    measurements: networks.map((network) => ({
      network,
      ...{ p50S: secondsOf(network), p95S: 1.5 * secondsOf(network), runs: 200 },
      ...{ memoryBytes: 1000, rssBytes: 1000, conditions: {} },
    })),
    ops: [],
    converged: true,
    regressors: { p50S: [contender], p95S: [contender] },
  };
}

export const settings = (more: object = {}): SearchSettings =>
  settingsSchema.parse({
    ...{ data: 'toy', space, embedding: 'one-hot', method: 'random', budget: 6, finalSteps: 5 },
    devices: [{ kind: 'x86', profile: 'profiles/x86.json' }],
    ...more,
  });

/** Writes what the settings name into the folder: a profile that measured these designs. */
export function prepare(
  folder: string,
  engine = ENGINE,
  kind = 'x86',
  points: readonly NetworkDesign[] = enumerate(space),
): string {
  mkdirSync(join(folder, 'profiles'), { recursive: true });
  const path = join(folder, `profiles/${kind}.json`);
  writeProfile(path, toyProfile(engine, kind, points));
  return path;
}

const segments = [{ start: PLANTED.start, end: PLANTED.end }];
const train = ordinarySeries(400);

export const data = {
  train,
  intervalMs: 1000,
  candidates: {
    kind: 'labelled',
    series: {
      ...{ id: 'planted', train, test: plantedSeries(300, 400_000) },
      ...{ labels: labelsOf(segments, 300), segments, intervalMs: 1000 },
    },
  },
} as const;

export interface CountingPool extends Pool {
  readonly jobs: Job[];
}

/** Accuracy falls with the latency and rises with the width of the network; later jobs are often done earlier. */
export function toyPool(
  failing: (point: ProfiledNetwork['point']) => boolean = () => false,
): CountingPool {
  const jobs: Job[] = [];
  return {
    jobs,
    async run<Result>(job: Job, { signal }: JobContext = {}): Promise<Result> {
      jobs.push(job);
      const { design, seeds } = job.task as { design: ProfiledNetwork['point']; seeds: number[] };
      await pause((7 * jobs.length) % 5);
      signal?.throwIfAborted();
      const failed = failing(design);
      const values = seeds.map((seed) => familyOf(design).width(design) / 20 + seed / 1000);
      const result: CandidateResult = {
        values: failed ? [] : values,
        outcomes: failed ? [{ seed: 1, failure: 'the loss is not finite' }] : [],
        macs: 1,
        parameters: 1,
      };
      return result as Result;
    },
    close: async () => undefined,
  };
}

export const context = (folder: string, more: Partial<SessionContext> = {}): SessionContext => ({
  ...{ folder, data, engine: ENGINE, pool: toyPool(), signal: new AbortController().signal },
  ...more,
});

export const STARTED = '2026-01-01T00:00:00Z';

/** A folder with what the settings name. */
export function fresh(engine = ENGINE): string {
  const folder = tempFolder();
  prepare(folder, engine);
  return folder;
}

/** What of a search must be the same when it is repeated. */
export const summary = ({ history }: SearchSession) =>
  history.map(({ number, proposal, values }) => ({ number, proposal, values }));

/** Measures whatever it is asked to, in no time. */
export function measuring(): Pool {
  const trainings = toyPool();
  return {
    ...trainings,
    run: async <R>(job: Job, more?: JobContext) => {
      const { network } = job.task as { network?: ProfiledNetwork };
      if (!network) return await trainings.run<R>(job, more);
      const p50S = secondsOf(network);
      return { p50S, p95S: p50S, memoryBytes: 1000 } as R;
    },
  };
}
