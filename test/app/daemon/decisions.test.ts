import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { peek } from '../../io/store/open-store.ts';
import { subscribe } from '../../io/subscriber.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { START_MS, writeMachineModel, writeRecording } from '../recording.ts';
import { broker, configOf, names, start } from './setup.ts';

const ROOT = 'sentigon/pi';

/** A stream that replays a recording with one fault, at its own pace or as fast as it goes. */
async function machine(speed: number) {
  const folder = tempFolder();
  const path = writeRecording(folder, 'bad-day.csv', { rows: 400, seed: 2, faults: [[200, 230]] });
  const model = await writeMachineModel(folder);
  return { id: 'machine', source: { kind: 'csv', path, speed }, model };
}

const id = `anomaly-machine-${START_MS + 200_000}`;

describe('a silenced stream', () => {
  it('is silenced over MQTT, also after a restart, and its alerts are kept and not sent', async () => {
    const url = await broker();
    const subscriber = await subscribe(url, `${ROOT}/#`);
    const mqtt = { broker: { url }, sinks: [{ kind: 'mqtt' }] };
    const slow = configOf([await machine(1)], mqtt);
    const first = start(slow);
    await subscriber.next(({ topic }) => topic === `${ROOT}/info`);
    await subscriber.publish(`${ROOT}/request/silence`, '{"stream":"machine","minutes":30}');
    const answer = await subscriber.next(({ topic }) => topic === `${ROOT}/response/silence`);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'ok' });
    const isOn = ({ topic, text }: { topic: string; text: string }) =>
      topic === `${ROOT}/machine/silence` && text.includes('"state":"ON"');
    await subscriber.next(isOn);
    first.stop();
    await first.outcome;

    const again = await subscribe(url, `${ROOT}/#`);
    const second = start({ ...configOf([await machine(0)], mqtt), state: slow.state });
    expect(await second.outcome).toEqual({ unsent: 0, busy: [] });
    expect(names(second.alerts)).toEqual([`${id} opened`, `${id} closed`]);
    await again.next(isOn);
    expect(again.messages.filter(({ topic }) => topic.endsWith('/event'))).toEqual([]);
    expect(again.messages.some(({ text }) => text.includes('"state":"ON","severity"'))).toBe(false);

    const history = join(slow.state, HISTORY_FILE);
    const bodies = peek<{ body: string }>(history, 'SELECT body FROM alert ORDER BY sequence');
    const alerts = bodies.map(({ body }) => JSON.parse(body) as Alert);
    expect(names(alerts)).toEqual([`${id} opened`, `${id} closed`]);
    expect(alerts.every(({ silenced }) => silenced)).toBe(true);
    expect(peek(history, 'SELECT count(*) AS n FROM outbox')).toEqual([{ n: 0 }]);
    const quiet = 'SELECT count(*) AS scored, sum(quiet) AS quiet FROM score';
    expect(peek(history, quiet)).toEqual([{ scored: 400, quiet: 400 }]);
  });
});
