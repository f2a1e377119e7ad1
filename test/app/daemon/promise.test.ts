import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Config } from '../../../src/app/config/schema.ts';
import { run } from '../../../src/app/daemon/daemon.ts';
import type { Apply } from '../../../src/app/daemon/reload.ts';
import { createLog } from '../../../src/app/log.ts';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { COUNTING } from '../plugins/counting-plugin.ts';
import { configured } from '../plugins/plugin-folder.ts';
import { speakingMachine } from './setup.ts';

const STREAM = { ...speakingMachine, threshold: { kind: 'counting', scale: 1e6 } };
const WAIT = { timeout: 60_000, interval: 50 };
const PROMISE = {
  ...{ falseAlarmsPerDay: 3, asked: 1, seenDays: 0.5 },
  text: 'with 12 hours of normal rows: about 3 false alarms a day instead of the 1 a day asked for; that takes 1 day of them',
};

function configWith(state: string, changes: object = {}): Promise<Config> {
  const all = { embedded: { enabled: false }, sinks: [], streams: [STREAM], state, ...changes };
  return configured({ 'counting.mjs': COUNTING }, ['./counting.mjs'], stringify(all));
}

/** A daemon whose level is set by the false alarms asked for, once it has learnt and watches. */
async function watchingDaemon(state: string) {
  const stop = new AbortController();
  const log: { msg: string }[] = [];
  let take: Apply | undefined;
  const outcome = run(await configWith(state), stop.signal, {
    log: createLog({ level: 'info', style: 'json', write: (line) => log.push(JSON.parse(line)) }),
    onRunning: (apply) => {
      take = apply;
    },
  });
  const ask = async (verb: string, request = {}) => {
    const reply = await askDaemon(join(state, CONTROL_SOCKET), { verb, ...request }, 60_000);
    return reply.status === 'ok' ? reply.data : undefined;
  };
  const promised = async () =>
    ((await ask('models', { stream: 'machine' })) as { promise?: unknown } | undefined)?.promise;
  await expect.poll(promised, WAIT).toBeTruthy();
  return {
    ...{ ask, promised, log },
    apply: async (changes: object) => take?.(await configWith(state, changes)),
    async end() {
      stop.abort();
      await outcome;
    },
  };
}

describe('a daemon whose stream cannot promise what was asked', () => {
  it('says so, and is healthy (#19)', async () => {
    const { ask, promised, log, end } = await watchingDaemon(join(tempFolder(), 'state'));
    expect(await promised()).toEqual(PROMISE);
    expect(await ask('health_check')).toMatchObject({
      healthy: true,
      streams: [{ id: 'machine', promise: PROMISE }],
    });
    expect(log).toContainEqual(expect.objectContaining({ msg: 'watching', promise: PROMISE.text }));
    await end();
  });

  it('is asked for another rate without a restart of the stream (#19)', async () => {
    const { ask, promised, log, apply, end } = await watchingDaemon(join(tempFolder(), 'state'));
    const before = await ask('info');
    expect(await apply({ alerts: { falseAlarmsPerDay: 0.25 } })).toEqual([]);
    await expect.poll(promised, WAIT).toMatchObject({ asked: 0.25 });
    expect(await ask('info')).not.toEqual(before); // the hash of the configuration
    const other = { ...STREAM, id: 'other' };
    await apply({ streams: [STREAM, other] });
    await expect.poll(promised, WAIT).toMatchObject({ asked: 0.5 });
    const watched = log.filter(({ msg }) => msg === 'watching') as { streamId?: string }[];
    expect(watched.filter(({ streamId }) => streamId === 'machine')).toHaveLength(1);
    await end();
  });
});
