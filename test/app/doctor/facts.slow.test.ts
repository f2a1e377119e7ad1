import { expect, it, onTestFinished } from 'vitest';
import { outputOf } from '../../../src/app/doctor/facts.ts';

it('a look-up ends although what it has started keeps its pipe open (#18)', () => {
  const pid = outputOf('sh', '-c', 'setsid sleep 600 & echo $!');
  onTestFinished(() => void process.kill(Number(pid)));
  expect(pid).toMatch(/^\d+\n$/);
});
