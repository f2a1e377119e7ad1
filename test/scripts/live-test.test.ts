import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DISTURBANCES, disturb } from '../../scripts/live-test/disturbances.ts';
import { judged } from '../../scripts/live-test/judge.ts';
import { openingIn } from '../../scripts/live-test/watching-daemon.ts';
import { FAULTS } from '../../scripts/record-host-faults/faults.mjs';
import type { Alert } from '../../src/core/alert.ts';
import { logSink } from '../../src/io/sinks/log.ts';

const FROM_MS = Date.UTC(2026, 0, 1);
const at = (second: number): number => FROM_MS + 1000 * second;

describe('the judgement of a live test', () => {
  const disturbances = [
    { name: 'cores', startMs: at(100), endMs: at(140) },
    { name: 'disk', startMs: at(220), endMs: at(260) },
    { name: 'forks', startMs: at(340), endMs: at(380) },
  ];

  it('has the first alert of each disturbance, and as false what opened far from all', () => {
    const openings = [
      { timeMs: at(50), channel: 'load.1min', sentence: 'Load average 3, normally under 1' },
      { timeMs: at(112), channel: 'cpu.user', sentence: 'CPU use by programs 99 %' },
      { timeMs: at(130), channel: 'cpu.system', sentence: 'CPU use by the kernel 40 %' },
      { timeMs: at(150), channel: 'cpu.user', sentence: 'CPU use by programs 60 %' },
      { timeMs: at(262), channel: undefined, sentence: 'Host: unusual' },
      { timeMs: at(1000), channel: undefined, sentence: 'Host: unusual, for 2 s' },
    ];
    const found = judged({ fromMs: FROM_MS, toMs: at(3600), disturbances, openings });
    expect(found).toMatchObject({ caught: 2, falseAlarms: 2, delaysS: [12, 42] });
    expect(found.table).toBe(
      [
        '| disturbance | caught | after, s | blamed first | sentence |',
        '| --- | --- | --- | --- | --- |',
        '| cores | yes | 12 | cpu.user | CPU use by programs 99 % |',
        '| disk | yes | 42 |  | Host: unusual |',
        '| forks | no |  |  |  |',
        '',
        'caught 2 of 3; false alarms: 2 in 1.00 h',
        'false alarm at 2026-01-01T00:00:50.000Z: Load average 3, normally under 1',
        'false alarm at 2026-01-01T00:16:40.000Z: Host: unusual, for 2 s',
      ].join('\n'),
    );
  });

  it('catches nothing with an alert that was open before', () => {
    const openings = [{ timeMs: at(90), channel: 'cpu.user', sentence: 'CPU use 99 %' }];
    const found = judged({ fromMs: FROM_MS, toMs: at(400), disturbances, openings });
    expect(found).toMatchObject({ caught: 0, falseAlarms: 1 });
  });
});

describe('an opening', () => {
  const alert: Alert = {
    ...{ id: 'a', kind: 'anomaly', streamId: 'host', state: 'opened', severity: 'warning' },
    ...{ timeMs: at(7), startMs: at(3), endMs: null, score: 2, peak: 2, level: 1 },
    channels: [{ id: 'cpu.user', unit: '%', share: 1, value: 99, expected: 3 }],
    ...{ modelId: 'm', imputed: 0 },
  };

  /** What the daemon logs of the alert. */
  async function logged(changes: Partial<Alert>): Promise<string> {
    let line = '';
    const log = (fields: object, msg: string): void => {
      line = JSON.stringify({ ...fields, msg });
    };
    const options = logSink.options.parse({}) as { id: string };
    const sink = logSink.create(options, { log } as Parameters<typeof logSink.create>[1]);
    await sink.send({ ...alert, ...changes });
    return line;
  }

  it('is the first state of an anomaly in the log of the daemon, and nothing else', async () => {
    expect(openingIn(await logged({}))).toEqual({
      ...{ timeMs: at(7), channel: 'cpu.user' },
      sentence: 'CPU use by programs 99 %, expected 3, for 4 s',
    });
    expect(openingIn(await logged({ channels: [] }))?.channel).toBeUndefined();
    expect(openingIn(await logged({ state: 'updated' }))).toBeUndefined();
    expect(openingIn(await logged({ kind: 'stuck' }))).toBeUndefined();
    expect(openingIn('{"level":30,"msg":"watching"}')).toBeUndefined();
  });
});

describe('the disturbances', () => {
  it('are ten, of faults that there are and that need no workload', () => {
    expect(DISTURBANCES).toHaveLength(10);
    for (const { kind } of DISTURBANCES) {
      expect(FAULTS[kind], kind).toBeDefined();
      expect(['process_stall', 'creeping_latency']).not.toContain(kind);
    }
  });

  it('end when the test is given up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'live-'));
    const stop = new AbortController();
    const filling = { name: 'filling', kind: 'disk_filling', strength: 0 };
    const running = disturb(filling, 600, folder, stop.signal);
    const file = join(folder, 'filling.bin');
    await expect.poll(() => existsSync(file) && readFileSync(file).length).toBeGreaterThan(0);
    stop.abort();
    await expect(running).rejects.toThrow('aborted');
    expect(existsSync(file)).toBe(false);
  });
});
