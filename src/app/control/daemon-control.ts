// Requests of people and programs to the running daemon, and the decisions that they made.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Alert } from '../../core/alert.ts';
import type { Control, DaemonInfo } from '../../core/control.ts';
import type { AlertPattern } from '../../core/decisions.ts';
import { StoreError } from '../../core/errors.ts';
import type { Health, StreamHealth } from '../../core/health.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { Store } from '../../core/store.ts';
import { FALSE_ALARMS_PER_DAY } from '../../detection/alerts/alert-options.ts';
import { shownUrl } from '../../io/mqtt/options.ts';
import type { Model } from '../../models/model.ts';
import type { CommandContext } from '../commands/command.ts';
import { execute } from '../commands/index.ts';
import type { Stream } from '../compose/stream.ts';
import type { Config } from '../config/schema.ts';
import { type Decided, openDecided } from '../decisions/decided.ts';
import { type KeptBackViews, keptBackViews } from '../decisions/likeness-text.ts';
import { type QuietWatch, watchQuiet } from '../decisions/quiet.ts';
import type { Log } from '../log.ts';
import type { Vitals } from '../process/vitals.ts';
import {
  createRetrainingRegistry,
  type RetrainingRegistry,
} from '../retraining/retraining-registry.ts';
import { BACKUPS } from '../state/state-files.ts';
import { type OutboxWatch, watchOutbox } from '../status/outbox-watch.ts';
import type { Problems } from '../status/problems.ts';
import { type News, type NewsWatch, watchNews } from '../status/release-news.ts';
import { createStreamRegistry, type StreamRegistry } from '../status/stream-registry.ts';
import { version } from '../version.ts';

export interface DaemonControlParts {
  readonly store: Store;
  readonly vitals: Pick<Vitals, 'read'>;
  readonly log: Log;
  readonly problems: Problems;
  /** Has the configuration read again; undefined where there is none to read. */
  readonly reload: (() => void) | undefined;
  /** Saves an alert and sends it. */
  readonly save: (alert: Alert) => void;
  /** Called when what sinks show of the streams has changed. */
  readonly changed: () => void;
}

export interface DaemonControl {
  readonly control: Control;
  /** The alert as it is to be saved: marked when it is not to be sent. */
  muted(alert: Alert): Alert;
  /** Alerts that were sent and have not ended. */
  heard(streamId: string): readonly Alert[];
  /** Whether rows of that time are not used for training. */
  isQuiet(streamId: string, timeMs: number): boolean;
  /** An open alert is followed: what gives it as it is now, or undefined when it has closed. */
  follow(alertId: string, asOfNow: (() => Alert) | undefined): void;
  /** What people called normal and what recurs, with what is not sent because of it. */
  keptBackViews(): KeptBackViews;
  /** What each open alert of a stream is like that is kept back as normal or as a routine, by its id. */
  keptBack(streamId: string): ReadonlyMap<string, AlertPattern>;
  /** False alarms a day that people accept of a stream, by the configuration that runs. */
  falseAlarmsPerDay(streamId: string): number;
  /** Retraining of the streams. */
  readonly retrainings: RetrainingRegistry;
  /** Current problems of the daemon, added by the parts that find them. */
  readonly problems: Problems;
  readonly outbox: OutboxWatch;
  /** What runs from now on. */
  configure(config: Config, streams: readonly Stream[]): void;
  /** A stream without a model has had another row. */
  learning(streamId: string, progress: NonNullable<StreamHealth['learning']>): void;
  watching(streamId: string, model: Model): void;
  /** The source of a stream gives nothing more. */
  ended(streamId: string): void;
  note(report: ScoreReport): void;
  close(): void;
}

export function openDaemonControl(
  config: Config,
  streams: readonly Stream[],
  parts: DaemonControlParts,
): DaemonControl {
  const { store, log, save, changed } = parts;
  const decided = openDecided(store, Date.now);
  reportTakenOver(decided, log);
  const registry = createStreamRegistry(() => performance.now());
  const retrainings = createRetrainingRegistry();
  let running = config;
  registry.enter(streams);
  const watch = watchQuiet(decided.quiet, () => registry.infos().map(({ id }) => id), {
    onChange() {
      changed();
      for (const { id } of registry.infos())
        for (const alert of decided.outlasting(id)) save(alert);
    },
    onFault(error) {
      if (!(error instanceof StoreError)) throw error;
      log.error(`alerts of a silence that has ended cannot be sent yet: ${error.message}`);
    },
  });
  const release = watchReleases(config.state, log, changed);
  // every kind of sink has an id among its options
  const sinkIds = () => running.sinks.map(({ id }) => String(id));
  const outbox = watchOutbox({ ...parts, sinkIds });
  const more = {
    decided,
    registry,
    watch,
    retrainings,
    release,
    outbox,
    sinkIds,
    config: () => running,
  };
  return {
    control: createControl({ ...parts, ...more }),
    ...decided,
    isQuiet: decided.quiet.holds,
    keptBackViews: () => keptBackViews(decided),
    falseAlarmsPerDay: (streamId) => budgetOf(running, streamId),
    retrainings,
    problems: parts.problems,
    outbox,
    configure(next, nextStreams) {
      running = next;
      registry.enter(nextStreams);
    },
    learning: registry.learning,
    watching(streamId, model) {
      registry.watching(streamId, model);
      changed();
    },
    ended: registry.ended,
    note: registry.note,
    close() {
      watch.close();
      release.close();
    },
  };
}

function reportTakenOver({ takenOver: { kept, removed } }: Decided, log: Log): void {
  if (kept + removed === 0) return;
  log.warn(
    { kept, removed },
    'answers "this was normal" of an earlier release lifted the level of a whole stream: they hold for what their alerts blamed now, and those whose alert is gone were removed',
  );
}

function watchReleases(state: string, log: Log, changed: () => void): NewsWatch {
  const report = (found: News | undefined): void => {
    if (found)
      log.info({ release: found.version }, 'a newer release is available: sentigon update');
  };
  const release = watchNews(state, version(), (found) => {
    report(found);
    changed();
  });
  report(release.news());
  return release;
}

/** A stream that is being removed has no share any more. */
function budgetOf({ streams }: Config, streamId: string): number {
  const stream = streams.find(({ id }) => id === streamId);
  return stream?.alerts.falseAlarmsPerDay ?? FALSE_ALARMS_PER_DAY;
}

interface ControlParts extends DaemonControlParts {
  readonly decided: Decided;
  readonly registry: StreamRegistry;
  readonly watch: QuietWatch;
  readonly retrainings: RetrainingRegistry;
  readonly release: Pick<NewsWatch, 'news'>;
  readonly outbox: OutboxWatch;
  readonly sinkIds: () => readonly string[];
  readonly config: () => Config;
}

function createControl(parts: ControlParts): Control {
  const { store, vitals, log, reload, changed, decided, registry, watch, retrainings, config } =
    parts;
  const { outbox, sinkIds } = parts;
  const info = (): DaemonInfo => {
    const { node } = config();
    return {
      version: version(),
      ...{ node, configHash: hashOf(config()), streams: registry.infos() },
      update: parts.release.news(),
    };
  };
  const health = (): Health => {
    const { waiting, dropped } = outbox.look();
    return {
      timeMs: Date.now(),
      uptimeS: Math.round(process.uptime()),
      ...vitals.read(),
      ...{ waiting, dropped },
      problems: parts.problems.messages(),
      streams: registry
        .health()
        .map((stream) => ({ ...stream, ...retrainings.modelHealthOf(stream.id) })),
    };
  };
  const context = (): CommandContext => ({
    ...decided,
    ...{ store, info, health, changed, now: Date.now },
    backups: join(config().state, BACKUPS),
    retraining: retrainings.of,
    accept: retrainings.accept,
    outbox: { sinkIds, sinks: outbox.sinks, changed: outbox.changed },
    ...(reload && { reload }),
  });
  return {
    info,
    health,
    standing: decided.standing,
    async execute(verb, request) {
      const reply = await execute(verb, request, context(), log);
      watch.look();
      return reply;
    },
  };
}

/** Without passwords: they could be guessed from a public hash. */
function hashOf(config: Config): string {
  const text = JSON.stringify(config, (key, value: unknown) =>
    key === 'password' ? undefined : key === 'url' ? shownUrl({ url: String(value) }) : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
