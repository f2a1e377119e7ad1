import { describe, expect, it } from 'vitest';
import { alertWords } from '../../../../src/app/web/page/alert-words.js';
import { listed, score, span, withUnit } from '../../../../src/app/web/page/words.js';
import { alertView } from '../../../../src/app/web/view/alerts.ts';
import type { Alert } from '../../../../src/core/alert.ts';
import { alertOf } from '../../../io/alerts.ts';

const nobody = { acknowledged: false, normal: false };
const wordsOf = (state: Alert['state'], changes: Partial<Alert> = {}, marks = nobody) =>
  alertWords(alertView(alertOf('a', state, changes)), marks);

describe('words of the page', () => {
  it('are short for times, scores and names', () => {
    expect([-1, 90, 600, 7200, 200_000].map(span)).toEqual(['0 s', '90 s', '10 min', '2 h', '2 d']);
    expect([null, 0.4567, 12, 123.4].map(score)).toEqual(['–', '0.46', '12.00', '123']);
    expect(['a', 'a b', 'a b c d'].map((names) => listed(names.split(' ')))).toEqual([
      'a',
      'a and b',
      'a, b and 2 more',
    ]);
    expect([withUnit(null, 'W'), withUnit(2, ''), withUnit(2, 'W')]).toEqual(['–', '2', '2 W']);
  });

  it('say of an alert what is wrong, for how long, and what people said of it', () => {
    expect(wordsOf('opened')).toMatchObject({
      severity: 'warning',
      look: 'warning',
      title: 'motor: unusual, vibration and current',
      peak: 'peak 2.40',
      normal: 'This was normal',
      mayAck: true,
    });
    expect(wordsOf('closed')).toMatchObject({
      severity: 'ended',
      look: 'muted',
      when: expect.stringMatching(/, for 42 s$/),
      mayAck: false,
    });
    const marked = wordsOf('opened', { silenced: true }, { acknowledged: true, normal: true });
    expect(marked).toMatchObject({
      severity: 'warning, acknowledged',
      look: 'muted',
      mayAck: false,
    });
    expect(marked.note).toMatch(/^Acknowledged\. Called normal.* Not sent\. 5 % of/);
  });

  it.each([
    ['data_missing', 'motor: no readings, vibration and current'],
    ['stuck', 'motor: stuck, vibration and current'],
    ['stream_failed', 'motor: not watched, the stream failed, vibration and current'],
  ] as const)('call an alert of kind %s by its name', (kind, title) => {
    expect(wordsOf('opened', { kind })).toMatchObject({ title, peak: '' });
  });
});
