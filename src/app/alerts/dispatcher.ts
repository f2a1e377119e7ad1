// Saves alerts and scores, then sends them until every sink has acknowledged.
import { join } from 'node:path';
import type { Alert } from '../../core/alert.ts';
import { StoreError } from '../../core/errors.ts';
import type { ShownRow } from '../../core/sample.ts';
import type { Exclusion, Series } from '../../core/series.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { Store } from '../../core/store.ts';
import { openStore } from '../../io/store/sqlite-store.ts';
import type { Config } from '../config/schema.ts';
import { type DaemonControl, openDaemonControl } from '../control/daemon-control.ts';
import type { Log } from '../log.ts';
import type { Vitals } from '../process/vitals.ts';
import { HISTORY_FILE } from '../state/state-files.ts';
import { createProblems, type Problems } from '../status/problems.ts';
import { createStorageAlerts, type StorageAlerts } from './daemon-alerts.ts';
import {
  type EndOfSending,
  openSending,
  type Sending,
  type SendingSurroundings,
} from './sending.ts';
import { createUnsavedAlerts, isSaved, type UnsavedAlerts } from './unsaved-alerts.ts';

/** Observes alerts and scores; it must not throw. */
export interface Follower {
  /** As it was saved. */
  alert(alert: Alert): void;
  report(report: ScoreReport): void;
  row(row: ShownRow): void;
  /** What people decided, or what is known of the streams, has changed. */
  changed(): void;
}

export interface Dispatcher {
  readonly daemonControl: DaemonControl;
  /** Saves the alert before it returns, and sends it later. An alert that cannot be saved is sent anyway. */
  save(alert: Alert): void;
  report(report: ScoreReport): void;
  /** Passes a row to followers. */
  row(row: ShownRow): void;
  openAlerts(streamId: string): readonly Alert[];
  /** Alerts that were accepted under that model, in the last month: until another is trained, their level is still new to it. */
  accepted(streamId: string, modelId: string): readonly Alert[];
  /** Streams, configured or not, of which the history has alerts. */
  streamsWithAlerts(): readonly string[];
  /** Rows to keep with an alert at most; 0 = none. */
  readonly mostRows: number;
  /** Keeps the rows around an alert, if the disk takes them. */
  keepRows(alertId: string, rows: Series): void;
  /** undefined = none were kept, they are forgotten, or the disk does not give them. */
  rowsOf(alertId: string): Series | undefined;
  /** To be read only. */
  readonly history: Pick<Store, 'alerts' | 'openAlerts' | 'states' | 'peaks'>;
  /** Until the function that is returned is called. */
  follow(follower: Follower): () => void;
  /** Stretches that training should leave out. */
  exclusions(streamId: string, fromMs: number, toMs: number): readonly Exclusion[];
  /** Whether this very state was saved before, e.g. by a replay that was cut short. */
  isSaved(alert: Alert): boolean;
  /** Resolves when everything is sent or the time is over, with the number of alert states left. */
  drain(timeoutMs: number): Promise<number>;
  /** Closes the sinks and opens others; reopens the old ones when the new ones cannot be opened. */
  useSinks(config: Config, surroundings: SendingSurroundings): Promise<void>;
  /** Uses a configuration with the same sinks and streams. */
  useConfig(config: Config, surroundings: SendingSurroundings): void;
  /** Alert states that wait in the outbox, counted for each sink. */
  unsent(): number;
  /** Writes everything and closes the sinks, within four seconds. */
  close(): Promise<EndOfSending>;
}

export interface DispatcherSurroundings extends SendingSurroundings {
  readonly vitals: Pick<Vitals, 'read'>;
  /** Has the configuration read again; undefined where there is none to read. */
  readonly reload: (() => void) | undefined;
}

/** Throws `StoreError` when the history is in use or cannot be made. */
export function openDispatcher(config: Config, surroundings: DispatcherSurroundings): Dispatcher {
  const { log, vitals, reload, streams } = surroundings;
  const problems = createProblems(log);
  const storage = createStorageAlerts((alert) => save(alert));
  const store = openHistory(config, { log, problems, storage });
  const followers = new Set<Follower>();
  const save = (alert: Alert): void => {
    const kept = saveAndSend(alert, { store, daemonControl, sending, log, unsaved });
    for (const follower of followers) follower.alert(kept);
  };
  const changed = (): void => tellChange(sending, followers);
  const parts = { store, vitals, log, problems, reload, save, changed };
  const daemonControl = openDaemonControl(config, streams, parts);
  let current: readonly [Config, SendingSurroundings] = [config, surroundings];
  let sending = openSending(store, daemonControl, ...current);
  const unsaved = createUnsavedAlerts({ store, problems, pump: () => sending.pump });
  let closed = false;
  storage.begin();
  return {
    ...{ daemonControl, save, history: store },
    report: (report) => tellScore(report, [store, daemonControl, sending, followers]),
    row: (row) => tellRow(row, followers),
    openAlerts: (streamId) => store.openAlerts(streamId),
    accepted: (...of) => acceptedIn(store, of),
    streamsWithAlerts: () => store.streamsWithAlerts(),
    mostRows: config.store.alertRows,
    keepRows: (alertId, rows) => ifPossible(alertId, log, () => store.rows.keep(alertId, rows)),
    rowsOf: (alertId) => ifPossible(alertId, log, () => store.rows.of(alertId)),
    follow: (follower) => follow(followers, follower),
    exclusions: (...stretch) => store.exclusions(...stretch),
    isSaved: (alert) => isSaved(store, alert),
    drain: (timeoutMs) => sending.pump.drain(timeoutMs),
    async useSinks(...next) {
      const { pump } = sending;
      await sending.end();
      if (closed) return;
      daemonControl.configure(next[0], next[1].streams);
      try {
        sending = openSending(store, daemonControl, ...next);
        current = next;
      } catch (error) {
        daemonControl.configure(current[0], current[1].streams);
        sending = openSending(store, daemonControl, ...current);
        throw error;
      } finally {
        unsaved.sendInsteadOf(pump);
      }
    },
    useConfig(...next) {
      current = next;
      daemonControl.configure(next[0], next[1].streams);
      changed();
    },
    unsent: () => sending.pump.left(),
    close() {
      closed = true;
      return end({ daemonControl, store, sending, unsaved, storage });
    },
  };
}

const MONTH_MS = 31 * 86_400_000;

function acceptedIn(
  store: Pick<Store, 'alerts'>,
  [streamId, modelId]: readonly [string, string],
): readonly Alert[] {
  const nowMs = Date.now();
  return store
    .alerts(streamId, nowMs - MONTH_MS, nowMs)
    .filter((alert) => alert.outcome === 'accepted' && alert.modelId === modelId);
}

interface Listeners {
  readonly log: Log;
  readonly problems: Problems;
  readonly storage: StorageAlerts;
}

function openHistory({ state, store }: Config, { log, problems, storage }: Listeners): Store {
  return openStore(join(state, HISTORY_FILE), store, {
    onFault(message) {
      log.error({ state }, message);
      storage.raise();
    },
    onProblem(key, message) {
      if (message === undefined) problems.clear(`history:${key}`);
      else problems.raise(`history:${key}`, message);
    },
  });
}

interface Ending extends Omit<Saving, 'log'> {
  readonly storage: StorageAlerts;
}

async function end({
  daemonControl,
  store,
  sending,
  unsaved,
  storage,
}: Ending): Promise<EndOfSending> {
  daemonControl.close();
  try {
    unsaved.close();
    store.flush(); // first, so that no later failure loses data
  } finally {
    storage.end();
    try {
      await sending.end();
    } finally {
      store.close();
    }
  }
  return sending.end();
}

function tellChange({ sinks }: Sending, followers: ReadonlySet<Follower>): void {
  for (const sink of sinks) sink.refresh?.();
  for (const follower of followers) follower.changed();
}

function tellScore(
  report: ScoreReport,
  [store, daemonControl, { sinks }, followers]: readonly [
    Store,
    DaemonControl,
    Sending,
    ReadonlySet<Follower>,
  ],
): void {
  store.addScore(report);
  daemonControl.note(report);
  for (const sink of sinks) sink.report?.(report);
  for (const follower of followers) follower.report(report);
}

function tellRow(row: ShownRow, followers: ReadonlySet<Follower>): void {
  for (const follower of followers) follower.row(row);
}

function follow(followers: Set<Follower>, follower: Follower): () => void {
  followers.add(follower);
  return () => void followers.delete(follower);
}

interface Saving {
  readonly store: Store;
  readonly daemonControl: DaemonControl;
  readonly sending: Sending;
  readonly log: Log;
  readonly unsaved: UnsavedAlerts;
}

/** Returns the alert as it was saved. */
function saveAndSend(alert: Alert, { store, daemonControl, sending, log, unsaved }: Saving): Alert {
  let kept = alert;
  try {
    unsaved.save(); // what came before it
    kept = daemonControl.muted(alert);
    store.addAlert(kept, kept.silenced ? [] : sending.sinkIds);
    if (kept.silenced)
      log.info(
        { alertId: alert.id, state: alert.state },
        `alert not sent because ${reasonOf(kept)}`,
      );
    else sending.pump.wake();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.error({ alertId: alert.id }, `the alert is sent but could not be saved: ${error.message}`);
    if (!kept.silenced) sending.pump.sendUnsaved(kept);
    unsaved.add(kept, error);
  }
  return kept;
}

function reasonOf({ normal, routine, limit }: Alert): string {
  if (normal !== undefined) return `it is like ${normal}, which was called normal`;
  if (routine !== undefined) return `it belongs to the routine ${routine}`;
  if (limit !== undefined) return `the alert ${limit} of a hard limit says the same`;
  return 'of a silence, a maintenance window or an acknowledgement';
}

/** An alert is sent even if its rows cannot be saved; the fault of the disk has its own alert. */
function ifPossible<T>(alertId: string, log: Log, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.warn({ alertId }, `the rows of the alert could not be saved: ${error.message}`);
    return undefined;
  }
}
