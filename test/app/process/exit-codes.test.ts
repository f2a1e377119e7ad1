import { describe, expect, it } from 'vitest';
import {
  endingOf,
  errorCodes,
  exitCodes,
  Interrupted,
} from '../../../src/app/process/exit-codes.ts';
import * as errors from '../../../src/core/errors.ts';

const { KnownError: _, ...known } = errors;

describe('endingOf', () => {
  it('says a known error in one line, with its code', () => {
    const { exitCode, text } = endingOf(new errors.SourceError('cable pulled'));
    expect(exitCode).toBe(1);
    expect(text).toBe('sentigon: SOURCE: cable pulled\n');
  });

  it('tells a faulty configuration apart', () => {
    expect(endingOf(new errors.ConfigError('a\nb'))).toEqual({
      exitCode: 78,
      text: 'sentigon: CONFIG: a\nb\n',
    });
  });

  it('shows the stack of a bug', () => {
    const { exitCode, text } = endingOf(new TypeError('undefined is not a function'));
    expect(exitCode).toBe(70);
    expect(text).toContain('TypeError: undefined is not a function\n    at ');
  });

  it('does not mistake a thrown text for an error of ours', () => {
    expect(endingOf('oops')).toMatchObject({ exitCode: 70, text: expect.stringContaining('oops') });
  });

  it('is silent after a signal, and gives the code a shell would', () => {
    expect(endingOf(new Interrupted('SIGINT'))).toEqual({ exitCode: 130, text: '' });
    expect(endingOf(new Interrupted('SIGTERM'))).toEqual({ exitCode: 143, text: '' });
  });

  it('has a code of its own for each ending', () => {
    const codes = Object.values(exitCodes);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('errorCodes', () => {
  it('describes every known error and no other', () => {
    const codes = Object.values(known).map(
      (Known) => new (Known as new (message: string) => errors.KnownError)('').code,
    );
    expect(Object.keys(errorCodes).sort()).toEqual(codes.sort());
  });
});
