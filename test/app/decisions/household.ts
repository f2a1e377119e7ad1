// A stream over a store of its own, as the daemon runs it: real stages, the decisions of people, and what would be sent.
import { join } from 'node:path';
import type { CommandContext } from '../../../src/app/commands/command.ts';
import { execute } from '../../../src/app/commands/index.ts';
import { type Decided, openDecided } from '../../../src/app/decisions/decided.ts';
import { createLog } from '../../../src/app/log.ts';
import { prepare } from '../../../src/app/streams/prepare.ts';
import type { Alert } from '../../../src/core/alert.ts';
import type { Channel } from '../../../src/core/sample.ts';
import type { Series } from '../../../src/core/series.ts';
import type { Store } from '../../../src/core/store.ts';
import { runTraining } from '../../../src/detectors/training/run-training.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { monitor } from '../../../src/pipeline.ts';
import { open } from '../../io/store/open-store.ts';
import { sourceOf, surroundings } from '../streams/watching.ts';

/** What the channels read at a time, from noise of mean 0 and deviation 1. */
export type Machine = (timeMs: number, noise: () => number) => readonly number[];

export interface Setting {
  readonly channels: readonly Channel[];
  /** As it is learnt. */
  readonly machine: Machine;
  readonly intervalMs: number;
  readonly detector: string;
  readonly startMs: number;
  /** Rows that are learnt. */
  readonly lesson: number;
}

export interface Household {
  readonly store: Store;
  /** Alert states that were sent, oldest first. */
  readonly sent: Alert[];
  /** Those that were not. */
  readonly kept: Alert[];
  /** Lets the machine run on, differently if a change is given. */
  run(rows: number, change?: Machine): Promise<void>;
  decided(): Decided;
  ask(verb: string, request?: object): ReturnType<typeof execute>;
  readonly nowMs: () => number;
  /** The alert level of the next score. */
  level(): number;
  /** The daemon starts again. */
  restart(): void;
}

export async function household(setting: Setting): Promise<Household> {
  const { channels, machine, intervalMs, detector, startMs, lesson } = setting;
  const random = createRandom(11);
  let nextMs = startMs;
  const rows = (count: number, way: Machine): Series => {
    const timeMs = Float64Array.from({ length: count }, (_, row) => nextMs + row * intervalMs);
    const values = [...timeMs].flatMap((time) => [...way(time, () => random.normal())]);
    nextMs += count * intervalMs;
    return { id: 'machine', channels, timeMs, values: Float64Array.from(values) };
  };
  const kernels = await loadKernels('plain');
  const training = {
    kind: detector,
    series: rows(lesson, machine),
    options: {},
    seed: 1,
    intervalMs,
  };
  const model = await runTraining(training, kernels, () => undefined);
  const { store, path } = open();
  const now = () => nextMs;
  const log = createLog({ level: 'silent', style: 'json', write: () => undefined });
  const [sent, kept]: [Alert[], Alert[]] = [[], []];
  const house = { decided: openDecided(store, now) };
  const around = await surroundings(sourceOf(true), {
    model,
    keptBack: (id) => house.decided.keptBack(id),
    follow: (...life) => house.decided.follow(...life),
  });
  const dispatcher = {
    ...around.context.dispatcher,
    openAlerts: (id: string) => store.openAlerts(id),
  };
  const context = { ...around.context, dispatcher, kernels };
  let stages = prepare(around.stream, model, context);
  return {
    ...{ store, sent, kept, nowMs: now },
    async run(count, change = machine) {
      const series = rows(count, change);
      const samples = sourceOf(true, () => undefined, series);
      for await (const alert of monitor(samples, stages, new AbortController().signal)) {
        const saved = house.decided.muted(alert);
        store.addAlert(saved, []);
        (saved.silenced ? kept : sent).push(saved);
      }
    },
    decided: () => house.decided,
    ask: (verb, request = {}) => execute(verb, request, contextOf(house.decided), log),
    level: () => stages.threshold.judge(0).level,
    restart() {
      house.decided = openDecided(store, now);
      stages = prepare(around.stream, model, context);
    },
  };

  function contextOf(decided: Decided): CommandContext {
    return {
      ...decided,
      ...{ store, now },
      changed: () => undefined,
      accept: () => false,
      info: () => ({
        ...{ version: '1', node: 'pi', configHash: '' },
        streams: [{ id: 'machine', channels, intervalMs, model: null }],
      }),
      health: () => {
        throw new Error('not asked for');
      },
      retraining: () => {
        throw new Error('not asked for');
      },
      outbox: { sinkIds: () => [], sinks: () => [], changed: () => undefined },
      backups: join(path, 'backups'),
    };
  }
}
