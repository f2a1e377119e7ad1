import { describe, expect, it } from 'vitest';
import { ALL, csvOf, passes } from '../../../../src/app/web/page/alert-filter.js';
import { alertView } from '../../../../src/app/web/view/alerts.ts';
import type { Alert } from '../../../../src/core/alert.ts';
import { alertOf } from '../../../io/alerts.ts';

const shown = (changes: Partial<Alert> = {}, state: Alert['state'] = 'opened') =>
  alertView(alertOf('a', state, changes));

describe('the filter of alerts', () => {
  it('is by stream, least severity, state, and a text in the sentence or a channel', () => {
    const alert = shown({ message: 'Disk writes 420 MB/s' });
    const found = (filter: object) => passes(alert, { ...ALL, ...filter });
    expect(found({})).toBe(true);
    expect([found({ stream: 'motor' }), found({ stream: 'pump' })]).toEqual([true, false]);
    expect([found({ severity: 'warning' }), found({ severity: 'critical' })]).toEqual([
      true,
      false,
    ]);
    expect([found({ state: 'open' }), found({ state: 'ended' })]).toEqual([true, false]);
    expect([found({ text: ' 420 mb' }), found({ text: 'VIBRATION' })]).toEqual([true, true]);
    expect(found({ text: 'fan' })).toBe(false);
    expect(passes(shown({}, 'closed'), { ...ALL, state: 'ended' })).toBe(true);
  });
});

describe('the file of alerts', () => {
  const nobody = () => ({ acknowledged: false });

  it('has a line an alert, with what a spreadsheet would break on in quotes', () => {
    const text = csvOf([shown({ message: 'writes "fast", twice' }, 'closed')], nobody);
    const [head, line, end] = text.split('\r\n');
    expect(head).toBe('start,end,duration_s,stream,kind,severity,state,peak,channels,message,id');
    expect(line).toBe(
      '2026-11-24T12:00:00.000Z,2026-11-24T12:00:42.000Z,42,motor,anomaly,warning,ended,2.4,vibration current,"writes ""fast"", twice",a',
    );
    expect(end).toBe('');
  });

  it('holds no formula, whatever a channel is called', () => {
    const [channel] = alertOf('a').channels;
    if (!channel) throw new Error('a channel was expected');
    const channels = [{ ...channel, id: '=HYPERLINK("x")' }];
    const text = csvOf([shown({ channels, message: '+1', id: '-1' })], nobody);
    expect(text).toContain(`,"'=HYPERLINK(""x"")",'+1,'-1\r\n`);
  });
});
