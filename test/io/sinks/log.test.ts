import { expect, it } from 'vitest';
import { logSink } from '../../../src/io/sinks/log.ts';
import { alertOf } from '../alerts.ts';

it('log sink writes one line with the payload as field', async () => {
  const lines: [object, string][] = [];
  const log = (fields: object, message: string): void => void lines.push([fields, message]);
  const sink = logSink.create({ id: 'log' }, { node: 'n', version: '1', streams: [], log });
  await sink.send(alertOf('01J'));
  await sink.send(alertOf('01J', 'closed', { kind: 'data_missing', channels: [] }));
  await sink.close();
  expect(lines.map(([, message]) => message)).toEqual([
    'warning alert opened on motor: Vibration 9.1 mm/s, expected 3.2, for 42 s',
    'warning alert closed on motor: Motor: readings are back after 42 s',
  ]);
  expect(lines[0]?.[0]).toMatchObject({ alert: { schema: 1, id: '01J', event_type: 'opened' } });
});
