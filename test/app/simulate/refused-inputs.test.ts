import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/app/cli/program.ts';
import { accelerator, subject } from '../../../src/app/simulate/inputs.ts';
import { ConfigError } from '../../../src/core/errors.ts';

describe('the input of a simulation', () => {
  it.each([
    ['elector:a,17,17,64,16,16,4,4,4,8,1,8', /found NaN at place 1/],
    ['elector:1,,16,64,16,16,4,4,4,8,1,8', /found NaN at place 2/],
    ['elector:1,16,16,64,16,16,4,4,4,8,1,1e400', /found Infinity at place 12/],
    ['elector:1,16', /outside of ELECTOR's space/],
  ])('is a vector of numbers, also where the nearest may be taken: %s', (given, says) => {
    expect(() => accelerator(given, true)).toThrow(ConfigError);
    expect(() => accelerator(given, true)).toThrow(says);
  });

  it('is no batch that no memory holds', async () => {
    await expect(subject('none.json', 100_000_000)).rejects.toThrow(
      'a batch of 100000000 windows is too large to simulate: expected 4096 at most',
    );
  });

  it('names two files for two results', async () => {
    const outs = ['--out', 'x.json', '--write-accelerator', './x.json'];
    await expect(
      runCommand(['node', 'sentigon', 'simulate', 'none.json', '--accelerator', 'edge', ...outs]),
    ).rejects.toThrow('--out and --write-accelerator are both x.json: name two files');
  });
});
