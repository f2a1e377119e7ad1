import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchPaths } from '../../../../src/io/sources/file/file-options.ts';
import { sysTree } from './sys-tree.ts';

describe('paths with wildcards', () => {
  const root = sysTree;

  it('match what exists, in the order of numbers, and say what each * stood for', () => {
    const tree = root({
      'hwmon10/temp1_input': '',
      'hwmon2/temp1_input': '',
      'hwmon2/temp2_input': '',
      'hwmon3/fan1_input': '',
      '.hwmon4/temp1_input': '',
    });
    const matches = matchPaths(`${tree}/hwmon*/temp*_input`);
    expect(matches.map(({ captured }) => captured)).toEqual([
      ['2', '1'],
      ['2', '2'],
      ['10', '1'],
    ]);
    expect(matches[0]?.path).toBe(join(tree, 'hwmon2/temp1_input'));
  });

  it('take every other character as it is', () => {
    const tree = root({ 'a.b/x(1)': '', 'aXb/x(1)': '', 'a+b/x(1)': '' });
    expect(matchPaths(`${tree}/a.b/x(*)`)).toHaveLength(1);
    expect(matchPaths(`${tree}/a+b/x(*)`)[0]?.captured).toEqual(['1']);
    expect(matchPaths(`${tree}/a.b/x(1)`)).toEqual([
      { path: join(tree, 'a.b/x(1)'), captured: [] },
    ]);
    expect(matchPaths(`${tree}/none/*`)).toEqual([]);
  });
});
