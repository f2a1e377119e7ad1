import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';

const host = (id: string, alerts = '', learn = ''): string =>
  `  - {id: ${id}, source: {kind: host}, alerts: {${alerts}}, learn: {${learn}}}\n`;

function budgets(text: string): number[] {
  const { streams } = parseConfig(text, 'c.yaml', configSchema);
  return streams.map(({ alerts }) => alerts.falseAlarmsPerDay);
}

describe('the false alarms a day that people accept', () => {
  it('are one for a stream that is alone', () => {
    expect(budgets(`streams:\n${host('a')}`)).toEqual([1]);
  });

  it('are shared equally by the streams that do not name their own', () => {
    const streams = `streams:\n${host('a')}${host('b', 'falseAlarmsPerDay: 3')}${host('c')}`;
    expect(budgets(streams)).toEqual([0.5, 3, 0.5]);
    expect(budgets(`alerts: {falseAlarmsPerDay: .14}\n${streams}`)).toEqual([0.07, 3, 0.07]);
  });

  it('leave ten streams with one in all', () => {
    const streams = Array.from({ length: 10 }, (_, index) => host(`s${index}`));
    const sum = budgets(`streams:\n${streams.join('')}`).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('are no more than its rows for a stream that has a row every two days', () => {
    expect(budgets(`streams:\n${host('a', '', 'intervalMs: 172800000')}`)).toEqual([0.5]);
  });

  it('stay with a stream that is taken out of its configuration', () => {
    const { streams } = parseConfig(`streams:\n${host('a')}${host('b')}`, 'c', configSchema);
    const [alone] = configSchema.parse({ streams: [streams[0]] }).streams;
    expect(alone?.alerts.falseAlarmsPerDay).toBe(0.5);
  });

  const MEANT =
    'expected a number above 0, e.g. 1, or .14 for one false alarm a week: no level can guarantee 0';
  const ROWS =
    'expected at most one false alarm per row, which is 86400000 / learn.intervalMs a day';

  it.each([
    ['none', '0', `found a number, ${MEANT}`],
    ['less than none', '-1', `found a number, ${MEANT}`],
    ['no number', '.nan', `found a number that is not finite, ${MEANT}`],
    ['endlessly many', '.inf', `found a number that is not finite, ${MEANT}`],
    ['a text', 'daily', `found a text, ${MEANT}`],
    ['more than rows', '86401', `found a number, ${ROWS}`],
  ])('are refused as %s, once for all and for one stream (#19)', (_, value, message) => {
    const all = `alerts: {falseAlarmsPerDay: ${value}}\nstreams:\n${host('a')}`;
    expect(() => budgets(all)).toThrow(`c.yaml:1:29 alerts.falseAlarmsPerDay: ${message}`);
    const one = `streams:\n${host('a', `falseAlarmsPerDay: ${value}`)}`;
    expect(() => budgets(one)).toThrow(/^c\.yaml:2:\d+ streams\[0\]\.alerts\.falseAlarmsPerDay: /);
    expect(() => budgets(one)).toThrow(message);
  });

  it('may be one a row of each stream, and no more', () => {
    const slow = host('a', '', 'intervalMs: 3600000');
    expect(budgets(`alerts: {falseAlarmsPerDay: 24}\nstreams:\n${slow}`)).toEqual([24]);
    expect(() => budgets(`alerts: {falseAlarmsPerDay: 25}\nstreams:\n${slow}`)).toThrow(ROWS);
    const own = host('a', 'falseAlarmsPerDay: 24', 'intervalMs: 3600000');
    expect(budgets(`alerts: {falseAlarmsPerDay: 100}\nstreams:\n${own}`)).toEqual([24]);
  });
});

describe('a number that is none', () => {
  it('is not called a number where another option should be one (#19)', () => {
    const text = 'streams: [{id: a, source: {kind: host}, learn: {intervalMs: .nan}}]\n';
    expect(() => budgets(text)).toThrow(
      'learn.intervalMs: found a number that is not finite, expected a number',
    );
  });
});
