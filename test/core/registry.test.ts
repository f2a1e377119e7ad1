import { describe, expect, it } from 'vitest';
import { settingValue } from '../../src/core/registry.ts';

describe('the value of a setting', () => {
  it.each([
    ['.3', 0.3],
    ['5.', 5],
    ['+1e-3', 0.001],
    ['-.5', -0.5],
    ['007', '007'],
    ['true', true],
    ['[1,.5]', '[1,.5]'],
    ['[1,0.5]', [1, 0.5]],
    ['0x10', '0x10'],
    ['1e', '1e'],
    ['.', '.'],
    ['', ''],
    ['uniform', 'uniform'],
  ])('%s is read as %j', (text, value) => {
    expect(settingValue(text)).toEqual(value);
  });
});
