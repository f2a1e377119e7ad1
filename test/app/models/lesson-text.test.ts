import { describe, expect, it } from 'vitest';
import { lessonWords } from '../../../src/app/models/lesson-text.ts';
import type { LessonDoubt } from '../../../src/detection/lesson.ts';

const MINUTE_MS = 60_000;
const doubt = (parts: Partial<LessonDoubt>): LessonDoubt => ({
  ...{ change: 'higher', when: 'once', channels: ['load'] },
  ...{ fromMs: 0, toMs: 20 * MINUTE_MS },
  ...parts,
});

describe('the words for a lesson', () => {
  it.each([
    [doubt({ when: 'first' }), 'load higher until 1970-01-01T00:20:00Z'],
    [doubt({ when: 'last', change: 'missing' }), 'load not read since 1970-01-01T00:00:00Z'],
    [doubt({ change: 'stuck' }), 'load stuck from 1970-01-01T00:00:00Z to 1970-01-01T00:20:00Z'],
    [doubt({ change: 'outlier', toMs: 0 }), 'load far out at 1970-01-01T00:00:00Z'],
    [
      doubt({ when: 'throughout', change: 'drifting', channels: ['a', 'b'] }),
      'a and b drifting all the time',
    ],
    [
      doubt({ when: 'throughout', change: 'drifting', channels: ['a', 'b', 'c', 'd', 'e'] }),
      'a, b and 3 more drifting all the time',
    ],
  ])('name what, where and when: %#', (one, words) => {
    expect(lessonWords([one])).toBe(words);
  });

  it('name the first three', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      doubt({ when: 'throughout', change: 'drifting', channels: [id] }),
    );
    expect(lessonWords(many)).toMatch(/^a drifting .*, c drifting all the time and 2 more$/);
  });
});
