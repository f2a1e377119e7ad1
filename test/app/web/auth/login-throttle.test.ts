import { describe, expect, it } from 'vitest';
import { createLoginThrottle } from '../../../../src/app/web/auth/login-throttle.ts';

function braked() {
  const clock = { nowMs: 1_000_000 };
  const throttle = createLoginThrottle(() => clock.nowMs);
  const fail = (address: string, times: number): void => {
    for (let time = 0; time < times; time += 1) {
      clock.nowMs += throttle.waitMs(address);
      throttle.failed(address);
    }
  };
  return { throttle, clock, fail };
}

describe('the throttle of logins', () => {
  it('lets people mistype, then has them wait twice as long each time', () => {
    const { throttle, clock, fail } = braked();
    fail('10.0.0.1', 3);
    expect(throttle.waitMs('10.0.0.1')).toBe(0);
    const waits = Array.from({ length: 4 }, () => {
      clock.nowMs += throttle.waitMs('10.0.0.1');
      throttle.failed('10.0.0.1');
      return throttle.waitMs('10.0.0.1');
    });
    expect(waits).toEqual([2000, 4000, 8000, 16_000]);
    fail('10.0.0.1', 40);
    expect(throttle.waitMs('10.0.0.1')).toBe(300_000);
  });

  it('holds nothing against another address, nor against one that knew the password', () => {
    const { throttle, fail } = braked();
    fail('10.0.0.1', 6);
    expect(throttle.waitMs('10.0.0.2')).toBe(0);
    throttle.passed('10.0.0.1');
    expect(throttle.waitMs('10.0.0.1')).toBe(0);
  });

  it('takes all addresses of one IPv6 network for one', () => {
    const { throttle, fail } = braked();
    fail('2001:db8::1', 3);
    fail('2001:db8:0:0:ffff::2', 3);
    expect(throttle.waitMs('2001:db8::3')).toBeGreaterThan(0);
    expect(throttle.waitMs('2001:db8:0:1::3')).toBe(0);
  });

  it('has everybody wait when very many addresses were wrong within a minute', () => {
    const { throttle, clock } = braked();
    for (let n = 0; n < 60; n += 1) throttle.failed(`10.0.1.${n}`);
    expect(throttle.waitMs('10.9.9.9')).toBe(60_000);
    clock.nowMs += 60_000;
    expect(throttle.waitMs('10.9.9.9')).toBe(0);
  });
});
