import { expect, it, onTestFinished } from 'vitest';
import { groupLeaver } from '../io/leaver.ts';
import { acts, startScriptedBroker } from '../io/mqtt/scripted-broker.ts';
import { ending, startStubborn } from './stubborn.ts';

it('a stop ends all that does not end by itself, within five seconds, and says what is unsent (#18)', async () => {
  const broker = await startScriptedBroker(() => ({ publish: acts.answerAnother }));
  onTestFinished(() => broker.close());
  const script = `trap "" TERM; ${groupLeaver().command}; while :; do echo 1; sleep .1; done`;
  const daemon = await startStubborn({
    broker: `{url: "${broker.url}", protocolVersion: 5}`,
    sinks: ['{kind: mqtt}', '{kind: never-closes}', '{kind: never-sends}'],
    streams: [
      '{id: endless, source: {kind: never-speaks}, learn: {rows: 100000, intervalMs: 50}}',
      `{id: child, source: {kind: exec, mode: lines, command: [sh, -c, '${script}'], channels: [{name: a}]}}`,
    ],
  });
  await broker.connections(1);
  const { tookMs, code, last, waiting } = await ending(daemon);
  expect(tookMs).toBeLessThan(8000); // five seconds, and reserve for a machine that is busy with other tests
  expect(code).toBe(0);
  expect(waiting).toBeGreaterThan(0);
  expect(last).toMatchObject({ unsent: waiting });
  expect(last.msg).toMatch(
    /^stopped; ended by force, because of stream endless.*sink never-closes/,
  );
});
