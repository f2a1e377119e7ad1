import { describe, expect, it } from 'vitest';
import { alertWords, blamedChannels } from '../../../../src/app/web/page/alert-words.js';
import { progressOf } from '../../../../src/app/web/page/streams.js';
import { between, score, span, withUnit } from '../../../../src/app/web/page/words.js';
import { alertView } from '../../../../src/app/web/view/alerts.ts';
import type { Alert } from '../../../../src/core/alert.ts';
import { alertOf } from '../../../io/alerts.ts';

const nobody = { acknowledged: false, normal: false };
const wordsOf = (state: Alert['state'], changes: Partial<Alert> = {}, marks = nobody) =>
  alertWords(alertView(alertOf('a', state, changes)), marks);

describe('words of the page', () => {
  it('are short for times and scores', () => {
    expect([-1, 90, 600, 7200, 200_000].map(span)).toEqual(['0 s', '90 s', '10 min', '2 h', '2 d']);
    expect([null, 0.4567, 12, 100].map(score)).toEqual(['–', '0.46', '12.00', '100']);
    // of a detector that leaves almost no residual, figures beyond mean nothing (#21)
    expect([100.4, 78_432].map(score)).toEqual(['over 100', 'over 100']);
    expect([withUnit(null, 'W'), withUnit(2, ''), withUnit(2, 'W')]).toEqual(['–', '2', '2 W']);
  });

  it('are round for what is usual: a bound that is nothing beside the other is 0', () => {
    const ranges = [
      { low: 1.123e-5, high: 6.7941 },
      { low: -0.5, high: 0.25 },
      { low: 3, high: 3.00001 },
      { low: 0, high: 0 },
    ];
    expect(ranges.map(between)).toEqual(['0 to 6.794', '-0.5 to 0.25', '3', '0']);
  });

  it('say of an alert what is wrong, for how long, and what people said of it', () => {
    expect(wordsOf('opened')).toMatchObject({
      severity: 'warning',
      state: 'open',
      look: 'warning',
      title: expect.stringMatching(/^Vibration 9\.1 mm\/s/),
      peak: 'peak 2.40',
      normal: 'This was normal',
      mayAck: true,
    });
    expect(wordsOf('closed')).toMatchObject({
      severity: 'warning',
      state: 'ended',
      look: 'muted',
      when: expect.stringMatching(/, for 42 s$/),
      mayAck: false,
    });
    const marked = wordsOf('opened', { silenced: true }, { acknowledged: true, normal: true });
    expect(marked).toMatchObject({
      state: 'acknowledged',
      look: 'muted',
      mayAck: false,
    });
    expect(marked.note).toMatch(/^Acknowledged\. Called normal.* Not sent\. 5 % of/);
  });

  it('are the sentence of an alert, with its stream beside its time (#21)', () => {
    const message = 'Disk writes 420 MB/s, normally under 35, for 40 s';
    expect(wordsOf('closed', { message })).toMatchObject({
      title: message,
      when: expect.stringMatching(/^motor, .*, for 42 s$/),
    });
  });

  it('say why an alert goes on, why it ended, and who used what it blames', () => {
    const { state } = wordsOf('updated', { reminder: true });
    expect(state).toBe('still open');
    const accepted = wordsOf('closed', { outcome: 'accepted' });
    expect(accepted).toMatchObject({ state: 'accepted', severity: 'warning' });
    expect(accepted.note).toContain('Its values have stayed: they are normal from now on.');
    expect(wordsOf('opened', { routine: 'r', silenced: true })).toMatchObject({
      look: 'muted',
      note: expect.stringContaining('a routine. Not sent.'),
    });
    const processes = [{ name: 'stress', pid: 12, share: 0.834 }];
    expect(wordsOf('opened', { processes }).processes).toContain('stress (12) 83 %');
  });

  it('put what is blamed now beside the peak, and the usual range before what was expected', () => {
    const [first, second] = alertOf('a').channels;
    if (!first || !second) throw new Error('two channels were expected');
    const alert = alertOf('a', 'updated', {
      channels: [{ ...first, usual: { low: 1, high: 3.5 } }, second],
      now: [{ ...second, id: 'oil', value: 7, share: 1 }],
    });
    expect(blamedChannels(alertView(alert))).toEqual([
      { channel: 'vibration', share: 0.72, seen: '9.1 mm/s', normal: '1 to 3.5', now: '–' },
      { channel: 'current', share: 0.28, seen: 'no reading', normal: '–', now: '–' },
      { channel: 'oil', share: 0, seen: '–', normal: '–', now: '7 A (100 %)' },
    ]);
    const [over] = blamedChannels(alertView(alertOf('b', 'closed')));
    expect(over).toMatchObject({ normal: 'about 3.2', now: undefined });
  });

  it('say how far a lesson or a training is, and what is left of it', () => {
    const learning = { fraction: 0.25, leftS: 1350, calm: true };
    expect(progressOf({ learning, training: null }, 0)).toEqual({
      fraction: 0.25,
      text: 'learning what is normal: 25 %, at least 23 min left',
    });
    const longer = { fraction: 1, leftS: 0, calm: false };
    expect(progressOf({ learning: longer, training: null }, 0)?.text).toBe(
      'some rows were not calm, learning longer: 100 %, checking the rows',
    );
    const training = { fraction: 0.5, startedAt: '2026-11-30T12:00:00.000Z' };
    const nowMs = Date.parse('2026-11-30T12:10:00.000Z');
    expect(progressOf({ learning: null, training }, nowMs)?.text).toBe(
      'training: 50 %, about 10 min left',
    );
    expect(progressOf({ learning: null, training: null }, 0)).toBeUndefined();
  });
});
