import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import { configOf, speakingMachine as machine, start } from './setup.ts';

async function askAt(state: string, verb: string, request: object) {
  const reply = await askDaemon(join(state, CONTROL_SOCKET), { verb, ...request }, 60_000);
  return reply.status === 'ok' ? (reply.data as Record<string, unknown>) : { ...reply };
}

const stream = 'machine';
describe('a daemon', () => {
  it('trains again when asked, keeps both models over a restart, and goes back to one', async () => {
    const config = configOf([machine]);
    const ask = (verb: string, request = {}) => askAt(config.state, verb, request);
    const liveModel = async () => {
      const { streams } = (await ask('info')) as { streams: { model: { id: string } | null }[] };
      return streams[0]?.model?.id;
    };
    const first = start(config);
    await expect.poll(liveModel).toBeDefined();
    const learnt = await liveModel();
    let trained: Record<string, unknown> = {};
    await expect
      .poll(async () => (trained = await ask('retrain', { stream })))
      .toMatchObject({ stream, why: 'asked' });
    const { id, standing } = trained;
    expect(id).not.toBe(learnt);
    expect(await ask('models', { stream })).toMatchObject({
      training: null,
      models: { length: 2 },
    });
    await expect.poll(liveModel).toBe(standing === 'live' ? id : learnt);
    expect(await ask('health_check')).toMatchObject({ streams: [{ id: stream }] });
    first.stop();
    await first.outcome;

    const second = start(config);
    await expect.poll(() => ask('models', { stream })).toMatchObject({ models: { length: 2 } });
    const other = standing === 'live' ? learnt : id;
    expect(await ask('rollback', { stream, model: other })).toMatchObject({
      id: other,
      standing: 'live',
    });
    await expect.poll(liveModel).toBe(other);
    expect(second.log.some(({ msg }) => msg === 'switched to an earlier model')).toBe(true);
    expect(await ask('rollback', { stream: 'pump' })).toMatchObject({ code: 'CONFIG' });
    second.stop();
    await second.outcome;
  });
});
