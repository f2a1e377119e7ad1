import { expect, it } from 'vitest';
import { outputOf } from '../../../src/app/service/system-programs.ts';
import { groupLeaver } from '../../io/leaver.ts';

it('a look-up ends although what it has started keeps its pipe open (#18)', () => {
  const leaver = groupLeaver();
  expect(outputOf('sh', '-c', `${leaver.command}; echo 1`)).toBe('1\n');
  expect(leaver.pids()).toHaveLength(1);
});
