// Each part of a daemon by itself: whatever it does, a stop takes five seconds, and its last line says what is unsent.
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { groupLeaver } from '../io/leaver.ts';
import { freePort, hasMosquitto, startMosquitto } from '../io/mosquitto.ts';
import { type Act, acts, startScriptedBroker } from '../io/mqtt/scripted-broker.ts';
import { ending, type Parts, type Stopped, startStubborn } from './stubborn.ts';

/** The promise is five seconds; the rest is for a machine that is busy with other tests. */
const BOUND_MS = 8000;

async function stopped(parts: Parts): Promise<Stopped> {
  return checked(await ending(await startStubborn(parts)));
}

function checked(outcome: Stopped): Stopped {
  const { tookMs, code, last, waiting } = outcome;
  expect(tookMs).toBeLessThan(BOUND_MS);
  expect(code).toBe(0);
  expect(last).toMatchObject({ msg: expect.stringContaining('stopped'), unsent: waiting });
  return outcome;
}

/** Acknowledges events with the number of another. */
const acknowledgeAnother: Act = (peer, packet) => {
  const isEvent = packet.cmd === 'publish' && packet.topic.endsWith('/event');
  (isEvent ? acts.answerAnother : acts.answer)(peer, packet);
};

describe('a stop takes five seconds at most (#18)', () => {
  it('with nothing in its way', async () => {
    expect((await stopped({})).last).toMatchObject({ unsent: 0, msg: 'stopped' });
  });

  it.skipIf(!hasMosquitto).each([4, 5])(
    'with a broker that hangs (version %i)',
    async (version) => {
      const mosquitto = await startMosquitto(() => ['allow_anonymous true']);
      const daemon = await startStubborn({
        broker: `{url: "mqtt://127.0.0.1:${mosquitto.port}", protocolVersion: ${version}}`,
        sinks: ['{kind: mqtt}'],
      });
      mosquitto.signal('SIGSTOP');
      const lines = daemon.run.stdout().length;
      await expect.poll(() => daemon.run.stdout().slice(lines)).toMatch(/alert opened on machine/);
      const { last, waiting } = checked(await ending(daemon));
      expect(last.msg).toBe('stopped'); // the process ended by itself
      expect(waiting).toBeGreaterThan(0);
    },
  );

  it.each([4, 5])(
    'with a broker that acknowledges what nobody sent (version %i)',
    async (version) => {
      const broker = await startScriptedBroker(() => ({ publish: acknowledgeAnother }));
      onTestFinished(() => broker.close());
      const { last, waiting } = await stopped({
        broker: `{url: "${broker.url}", protocolVersion: ${version}}`,
        sinks: ['{kind: mqtt}', '{kind: sparkplug}'],
      });
      expect(last.msg).toBe('stopped');
      expect(waiting).toBeGreaterThan(0);
    },
  );

  it.each([
    ['never-closes', /^stopped; ended by force, because of sink never-closes$/],
    ['fails-to-close', /^stopped$/],
    ['leaves-a-timer', /^stopped; ended by force, because of open handles \(.*Timeout.*\)$/],
    ['never-sends', /^stopped$/],
    ['is-slow', /^stopped$/], // it takes some of them between the signal and the end
  ])('with a sink that %s', async (kind, words) => {
    expect((await stopped({ sinks: [`{kind: ${kind}}`] })).last.msg).toMatch(words);
  });

  it('with a sink that blocks the thread, which then is killed', async () => {
    const outcome = await ending(await startStubborn({ sinks: ['{kind: blocks}'] }));
    expect(outcome.tookMs).toBeLessThan(BOUND_MS);
    expect(outcome.stderr).toContain('ended by force: its thread was blocked');
  });

  it.each([
    ['never-ends', 'stopped'], // its reader leaves it
    ['never-speaks', 'stopped; ended by force, because of stream other'],
  ])('with a source that %s', async (kind, words) => {
    const learning = `{id: other, source: {kind: ${kind}}, learn: {rows: 100000, intervalMs: 50}}`;
    const { last } = await stopped({ streams: [learning] });
    expect(last.msg).toBe(words);
  });

  it.each([
    ['ignores the signal', () => 'trap "" TERM'],
    ['has a grandchild that keeps its pipe', () => groupLeaver().command],
  ])('with a source whose program %s', async (_, first) => {
    const script = `${first()}; while :; do echo 1; sleep .1; done`;
    const exec = `{kind: exec, mode: lines, command: [sh, -c, '${script}'], channels: [{name: a}]}`;
    await stopped({ streams: [`{id: other, source: ${exec}}`] });
  });

  it('with a training that runs', async () => {
    const source = '{kind: csv, path: machine.csv}';
    const learn = '{detector: gon, rows: 3600, intervalMs: 1000}';
    const daemon = await startStubborn({
      streams: [`{id: other, source: ${source}, learn: ${learn}}`],
    });
    await daemon.run.until(/"streamId":"other".*"msg":"training"/);
    checked(await ending(daemon));
  });

  it('with clients that hold their connections', async () => {
    const [page, numbers] = [await freePort(), await freePort()];
    const daemon = await startStubborn({
      more: `web: {port: ${page}}\nmetrics: {port: ${numbers}}`,
    });
    for (const port of [page, numbers]) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write('GET / HTTP/1.1\r\nhost: half a request');
    }
    checked(await ending(daemon));
  });

  it('while another configuration is taken over', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const daemon = await startStubborn({ sinks: ['{kind: never-sends}'] });
    daemon.configure({
      broker: `{url: "${url}"}`,
      sinks: ['{kind: never-sends, id: b}', '{kind: mqtt}'],
    });
    daemon.run.child.kill('SIGHUP');
    const { last } = checked(await ending(daemon));
    expect(last.msg).toBe('stopped');
  });
});

it('a daemon whose recordings have ended ends by itself although the broker hangs (#18)', async () => {
  const broker = await startScriptedBroker(() => ({ publish: acknowledgeAnother }));
  onTestFinished(() => broker.close());
  const daemon = await startStubborn({
    broker: `{url: "${broker.url}", protocolVersion: 5}`,
    sinks: ['{kind: mqtt}'],
    speed: 0,
  });
  const { code, last, waiting } = await ending(daemon, undefined);
  expect(code).toBe(0);
  expect(waiting).toBeGreaterThan(0);
  expect(last).toMatchObject({ msg: 'stopped', unsent: waiting });
});
