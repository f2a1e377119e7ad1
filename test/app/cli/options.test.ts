import { afterEach, describe, expect, it, vi } from 'vitest';
import { accelerateCommand } from '../../../src/app/cli/accelerate.ts';
import { profileCommand } from '../../../src/app/cli/profile.ts';

afterEach(() => vi.restoreAllMocks());

describe('--family of sentigon profile', () => {
  const family = (...args: readonly string[]) => {
    const command = profileCommand().exitOverride();
    command.parseOptions(['--out', 'x', ...args]);
    return command.opts()['family'];
  };

  it('names the families that are measured, each once, and not the usual one beside them', () => {
    expect(family()).toEqual(['encoder']);
    expect(family('--family', 'cnn')).toEqual(['cnn']);
    expect(family('--family', 'cnn,encoder,cnn')).toEqual(['cnn', 'encoder']);
  });

  it('is refused where it names none', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => family('--family', '')).toThrow('Expected names, with commas.');
  });
});

describe('--max-area-mm2 of sentigon accelerate', () => {
  it('is refused as a limit that is not above 0, not as events a day', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const command = accelerateCommand().exitOverride();
    expect(() => command.parseOptions(['--max-area-mm2', '-1'])).toThrow(
      /is invalid\. Expected a number above 0\.$/,
    );
  });
});
