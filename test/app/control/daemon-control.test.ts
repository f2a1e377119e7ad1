import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Stream } from '../../../src/app/compose/stream.ts';
import type { Config } from '../../../src/app/config/schema.ts';
import { type DaemonControl, openDaemonControl } from '../../../src/app/control/daemon-control.ts';
import { createLog } from '../../../src/app/log.ts';
import { builtInKinds } from '../../../src/app/plugins/kinds.ts';
import { createProblems } from '../../../src/app/status/problems.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { StoreError } from '../../../src/core/errors.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { alertOf } from '../../io/alerts.ts';
import { open, scoreAt } from '../../io/store/open-store.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { configOf } from '../daemon/setup.ts';
import { machineModel } from '../recording.ts';

function twoStreams(): Config {
  return configOf([
    { id: 'motor', source: { kind: 'host' } },
    { id: 'pump', source: { kind: 'host' }, learn: { intervalMs: 5000 } },
  ]);
}

function streamsOf({ streams }: Config): Stream[] {
  return streams.map((stream) => ({
    id: stream.id,
    config: stream,
    source: { id: stream.id, live: true, channels: [], samples: () => ({}) as never },
    kinds: builtInKinds,
    model: undefined,
    learntPath: '',
    archivePath: '',
    memoryPath: '',
    rowsPath: '',
    channels: [],
  }));
}

function daemonControl(changes: Partial<Config> = {}) {
  const { store } = open();
  const config = { ...twoStreams(), ...changes };
  const saved: Alert[] = [];
  const changed = vi.fn<() => void>();
  const log = createLog({ level: 'silent', style: 'json', write: () => undefined });
  const made: DaemonControl = openDaemonControl(config, streamsOf(config), {
    ...{ store, log },
    problems: createProblems(log),
    vitals: { read: () => ({ rssBytes: 7e7, eventLoopLagMs: 2 }) },
    reload: undefined,
    changed,
    save(alert) {
      const kept = made.muted(alert);
      saved.push(kept);
      store.addAlert(kept, []);
    },
  });
  onTestFinished(() => made.close());
  return { made, store, saved, changed, config };
}

describe('the control of the daemon', () => {
  it('sends what is still open as soon as a silence is ended', async () => {
    const { made, store, saved } = daemonControl();
    await made.control.execute('silence', { stream: 'motor', minutes: 10 });
    const kept = made.muted(alertOf('a'));
    expect(kept.silenced).toBe(true);
    store.addAlert(kept, []);
    expect(made.heard('motor')).toEqual([]);
    await made.control.execute('silence', { minutes: 0 });
    expect(saved).toEqual([alertOf('a')]);
    expect(made.heard('motor')).toEqual([alertOf('a')]);
  });

  it('notices the end of a silence by itself', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { made, store, saved, changed } = daemonControl();
    await made.control.execute('silence', { stream: 'motor', minutes: 1 });
    store.addAlert(made.muted(alertOf('a')), []);
    changed.mockClear();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(changed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(changed).toHaveBeenCalledOnce();
    expect(saved.map(({ id, state }) => [id, state])).toEqual([['a', 'opened']]);
    expect(made.control.standing('motor').silencedUntilMs).toBeNull();
  });

  it('tries again when the store could not say what outlasts a silence', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { made, store, saved } = daemonControl();
    await made.control.execute('silence', { minutes: 1 });
    store.addAlert(made.muted(alertOf('a')), []);
    const broken = vi.spyOn(store, 'openAlerts').mockImplementation(() => {
      throw new StoreError('the disk is full');
    });
    await vi.advanceTimersByTimeAsync(62_000);
    expect(saved).toEqual([]);
    broken.mockRestore();
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toHaveLength(1);
  });

  it('knows what runs, from the start and when a stream has learnt', async () => {
    const { made, changed } = daemonControl();
    expect(made.control.info()).toMatchObject({
      node: 'pi',
      streams: [
        { id: 'motor', intervalMs: 1000, model: null, channels: [] },
        { id: 'pump', intervalMs: 5000, model: null },
      ],
    });
    const model = await machineModel();
    made.watching('motor', model);
    expect(changed).toHaveBeenCalled();
    expect(made.control.info().streams[0]).toEqual({
      id: 'motor',
      channels: model.channels,
      intervalMs: model.intervalMs,
      model: { id: model.id, detector: model.kind },
    });
    made.note(scoreAt(5, 0.7));
    made.note(scoreAt(9, 0.3, 'unknown'));
    expect(made.control.health()).toMatchObject({
      rssBytes: 7e7,
      waiting: {},
      dropped: 0,
      streams: [
        { id: 'motor', scored: 1, lastMs: 5, score: 0.7 },
        { id: 'pump', scored: 0, lastMs: null, silentS: null },
      ],
    });
  });

  it('tells configurations apart, but gives away no password', () => {
    const state = tempFolder();
    const hashOf = (changes: Partial<Config>) =>
      daemonControl({ ...changes, state }).made.control.info().configHash;
    const broker = (url: string, password: string) => ({
      broker: brokerOptions.parse({ url, password }),
    });
    const first = hashOf(broker('mqtt://me:secret@host', 'a'));
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(hashOf(broker('mqtt://me:other@host', 'b'))).toBe(first);
    expect(hashOf(broker('mqtt://elsewhere', 'a'))).not.toBe(first);
  });

  it('goes on with what it knew of streams that stay when it is configured anew', () => {
    const { made, config } = daemonControl();
    made.note(scoreAt(5, 0.7));
    made.configure(config, streamsOf(config).slice(0, 1));
    expect(made.control.health().streams).toMatchObject([{ id: 'motor', scored: 1 }]);
  });
});
