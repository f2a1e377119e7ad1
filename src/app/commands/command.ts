import type { ZodType } from 'zod';
import type { Alert } from '../../core/alert.ts';
import type { DaemonInfo, Standing } from '../../core/control.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Health } from '../../core/health.ts';
import type { Sink } from '../../core/sink.ts';
import type { Store } from '../../core/store.ts';
import type { Acknowledgements } from '../decisions/acknowledgements.ts';
import type { NormalAnswers } from '../decisions/normal-answers.ts';
import type { Quiet } from '../decisions/quiet.ts';
import type { Routines } from '../decisions/routines.ts';
import type { StreamRetraining } from '../retraining/stream-retraining.ts';

/** What a command may use of the daemon. */
export interface CommandContext {
  readonly store: Pick<
    Store,
    'states' | 'openAlerts' | 'alerts' | 'rows' | 'backup' | 'outbox' | 'decisions'
  >;
  readonly quiet: Quiet;
  readonly answers: NormalAnswers;
  readonly routines: Routines;
  readonly acknowledgements: Acknowledgements;
  readonly info: () => DaemonInfo;
  readonly health: () => Health;
  readonly standing: (streamId: string) => Standing;
  /** The alert as it is now, which may have no state of its own. */
  readonly asOfNow: (alert: Alert) => Alert;
  /** Closes an open anomaly whose values are to stay, and has the stream train on the rows since; false = it is not open. */
  readonly accept: (streamId: string, alertId: string) => boolean;
  /** To be called when an answer or a routine of a stream was added or removed. */
  readonly review: (streamId: string) => void;
  /** The retraining of a stream. Throws `ConfigError` when it has none of its own now. */
  readonly retraining: (
    streamId: string,
  ) => Pick<StreamRetraining, 'retrain' | 'rollback' | 'models' | 'keptSpan'>;
  readonly outbox: {
    /** Sinks that are configured. */
    readonly sinkIds: () => readonly string[];
    /** Those that run. */
    readonly sinks: () => readonly Pick<Sink, 'id' | 'test'>[];
    /** To be called when entries were put back, moved or dropped. */
    readonly changed: () => void;
  };
  /** Folder for copies of the history. */
  readonly backups: string;
  readonly now: () => number;
  /** To be called when alerts were acknowledged or marked. */
  readonly changed: () => void;
  /** Has the configuration read again; absent where there is none to read. */
  readonly reload?: () => void;
}

/** One verb, for MQTT, the control socket and the web page alike. */
export interface Command<Request = unknown> {
  /** One of verbs.ts. */
  readonly verb: string;
  readonly request: ZodType<Request>;
  /** The data of the answer. Throws `ConfigError` for what does not exist, and what the store throws. */
  run(request: Request, context: CommandContext): unknown;
}

/** The stream that was named, or all. Throws `ConfigError` when there is none of that name. */
export function streamsNamed(stream: string | undefined, { info }: CommandContext): string[] {
  const ids = info().streams.map(({ id }) => id);
  if (stream === undefined) return ids;
  if (ids.includes(stream)) return [stream];
  throw new ConfigError(`stream '${stream}' is unknown: choose one of ${ids.join(', ')}`, {
    code: 'SEN_CFG_UNKNOWN_STREAM',
  });
}

/** The newest state of an alert. Throws `ConfigError` when it was never saved, or is forgotten. */
export function alertNamed(id: string, { store }: CommandContext): Alert {
  const alert = store.states(id).at(-1);
  if (alert) return alert;
  throw new ConfigError(
    `alert '${id}' is unknown: take the id of an event that is in the history`,
    { code: 'SEN_CFG_UNKNOWN_ALERT' },
  );
}
