import { describe, expect, it } from 'vitest';
import { createProblems } from '../../../src/app/status/problems.ts';
import { reportNotes } from '../../../src/app/streams/model-problems.ts';

describe('what a model says of its training', () => {
  it('is a problem until there is a model that says nothing (#19)', () => {
    const problems = createProblems({ warn: () => undefined, info: () => undefined });
    const doubtful = {
      leftOut: [{ id: 'flow', unit: 'l/min' }],
      lesson: { leftOut: [], doubt: 'memory drifting all the time' },
    };
    reportNotes(doubtful, 'pump', problems);
    expect(problems.messages()).toEqual([
      expect.stringContaining("stream 'pump' is watched without flow: too few readings"),
      expect.stringContaining(
        "stream 'pump' has learnt from rows that were not calm (memory drifting all the time)",
      ),
    ]);
    reportNotes({ lesson: { leftOut: [{ fromMs: 0, toMs: 1 }] } }, 'pump', problems);
    expect(problems.messages()).toEqual([]);
  });
});
