import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../../src/io/timing/rate-limit.ts';

describe('the limit of requests', () => {
  it('takes so many in a second, however quick their answers are', async () => {
    const { admit } = createRateLimit(3, 50);
    const answer = () => Promise.resolve();
    expect(Array.from({ length: 5 }, () => admit(answer))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    await expect.poll(() => admit(answer)).toBe(true);
  });

  it('keeps the place of one that is not answered yet', async () => {
    const { admit } = createRateLimit(1, 10);
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    expect(admit(() => slow)).toBe(true);
    await sleep(40);
    expect(admit(() => slow)).toBe(false);
    finish();
    await expect.poll(() => admit(() => slow)).toBe(true);
  });
});
