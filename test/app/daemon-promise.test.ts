import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { askDaemon, CONTROL_SOCKET } from '../../src/io/control-socket.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { speakingMachine, start } from './daemon-setup.ts';
import { COUNTING } from './plugins/counting-plugin.ts';
import { configured } from './plugins/plugin-folder.ts';

const PROMISE = {
  ...{ falseAlarmsPerDay: 3, asked: 1, seenDays: 0.5 },
  text: 'with 12 hours of normal rows: about 3 false alarms a day instead of the 1 a day asked for; that takes 1 day of them',
};

describe('a daemon whose stream cannot promise what was asked', () => {
  it('says so, and is healthy (#19)', async () => {
    const stream = { ...speakingMachine, threshold: { kind: 'counting', scale: 1e6 } };
    const rest = stringify({
      ...{ embedded: { enabled: false }, sinks: [], streams: [stream] },
      state: join(tempFolder(), 'state'),
    });
    const config = await configured({ 'counting.mjs': COUNTING }, ['./counting.mjs'], rest);
    const daemon = start(config);
    const ask = async (verb: string, request = {}) => {
      const reply = await askDaemon(join(config.state, CONTROL_SOCKET), { verb, ...request }, 5000);
      return reply.status === 'ok' ? reply.data : undefined;
    };
    const wait = { timeout: 30_000, interval: 50 };
    await expect
      .poll(() => ask('models', { stream: 'machine' }), wait)
      .toMatchObject({ promise: PROMISE });
    expect(await ask('health_check')).toMatchObject({
      healthy: true,
      streams: [{ id: 'machine', promise: PROMISE }],
    });
    expect(daemon.log).toContainEqual(
      expect.objectContaining({ msg: 'watching', promise: PROMISE.text }),
    );
    daemon.stop();
    await daemon.outcome;
  }, 60_000);
});
