import { describe, expect, it } from 'vitest';
import { risksOf } from '../../../src/app/config/load.ts';
import { configOf } from '../daemon/setup.ts';

const streams = [{ id: 'host', source: { kind: 'host' } }];

describe('a configuration', () => {
  it('is told what quality of service 0 means for alerts, wherever it is set, once', () => {
    const risk = [expect.stringMatching(/^broker.qos is 0: an alert counts as sent when/)];
    const common = { broker: { qos: 0 } };
    expect(risksOf(configOf(streams, common))).toEqual(risk);
    const own = { sinks: [{ kind: 'mqtt', broker: { qos: 0 } }, { kind: 'log' }] };
    expect(risksOf(configOf(streams, own))).toEqual(risk);
    expect(risksOf(configOf(streams, { ...common, ...own }))).toEqual(risk);
  });

  it('has no risks otherwise', () => {
    const sinks = [
      { kind: 'mqtt', broker: { qos: 2 } },
      { kind: 'mqtt', id: 'two' },
    ];
    expect(risksOf(configOf(streams, { broker: {}, sinks }))).toEqual([]);
  });
});
