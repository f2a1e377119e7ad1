import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accelerateCommand } from '../../../src/app/cli/accelerate.ts';
import { compressCommand } from '../../../src/app/cli/compress.ts';
import { requireOutput } from '../../../src/app/cli/output-file.ts';
import { profileCommand } from '../../../src/app/cli/profile.ts';
import { runCommand } from '../../../src/app/cli/program.ts';
import { searchCommand } from '../../../src/app/cli/search.ts';
import { trainCommand } from '../../../src/app/cli/train.ts';
import { tempFolder } from '../../io/temp-folder.ts';

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

describe('--seed', () => {
  it.each(['-1', '.5', '1e400', '', 'x'])('is refused as %s', (given) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (const command of [accelerateCommand(), trainCommand(), compressCommand()]) {
      const parse = () => command.exitOverride().parseOptions(['--seed', given]);
      expect(parse).toThrow(/Expected a (whole )?number/);
    }
  });

  it('may be 0', () => {
    const command = trainCommand().exitOverride();
    command.parseOptions(['--seed', '0']);
    expect(command.opts()['seed']).toBe(0);
  });
});

describe('the request of sentigon ctl', () => {
  it('is refused aloud where a word of it is no key=value', async () => {
    await expect(runCommand(['node', 'sentigon', 'ctl', 'models', 'stream'])).rejects.toThrow(
      /Expected key=value/,
    );
  });
});

describe('--weights of sentigon search', () => {
  it.each([
    ['accuracy=1=2', 'Expected a number.'],
    ['accuracy=.7,accuracy=.2', 'Expected each name once.'],
    ['toString=1', "not 'toString'."],
    ['accuracy', 'Expected a number.'],
  ])('are refused as %s', (given, says) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const command = searchCommand().exitOverride();
    expect(() => command.parseOptions(['--weights', given])).toThrow(says);
  });
});

describe('the file of a command', () => {
  it('never takes the place of a pipe or a device, nor has it an empty name', () => {
    const pipe = join(tempFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => requireOutput('--out', pipe)).toThrow(/is a device or pipe/);
    expect(() => requireOutput('--out', '/dev/null')).toThrow(/is a device or pipe/);
    expect(() => requireOutput('--out', '')).toThrow('--out is empty: name a file');
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
