import { describe, expect, it } from 'vitest';
import { createProblems } from '../../../src/app/status/problems.ts';

function problemsWithLog() {
  const told: string[] = [];
  const tell = (_: unknown, message: string): void => void told.push(message);
  const problems = createProblems({ warn: tell, info: tell } as Parameters<
    typeof createProblems
  >[0]);
  return { problems, told };
}

describe('problems', () => {
  it('stand until they are cleared, oldest first, and are logged once each', () => {
    const { problems, told } = problemsWithLog();
    problems.raise('disk', 'the disk is full');
    problems.raise('stream:pump', 'pump failed');
    problems.raise('disk', 'the disk is full');
    expect(problems.messages()).toEqual(['the disk is full', 'pump failed']);
    problems.clear('disk');
    problems.clear('disk');
    expect(problems.messages()).toEqual(['pump failed']);
    expect(told).toEqual([
      'the disk is full',
      'pump failed',
      'no longer a problem: the disk is full',
    ]);
  });

  it('replace their message, and log the new one', () => {
    const { problems, told } = problemsWithLog();
    problems.raise('stream:pump', 'next attempt in 1 s');
    problems.raise('stream:pump', 'next attempt in 2 s');
    expect(problems.messages()).toEqual(['next attempt in 2 s']);
    expect(told).toHaveLength(2);
  });
});
