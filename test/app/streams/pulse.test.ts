import { describe, expect, it } from 'vitest';
import { createPulse } from '../../../src/app/streams/pulse.ts';

function pulseAt() {
  const clock = { nowMs: 0 };
  return { clock, pulse: createPulse(() => clock.nowMs) };
}

describe('the pulse', () => {
  it('names a stream that has not moved for longer than it may', () => {
    const { clock, pulse } = pulseAt();
    pulse.expect('host', 1000);
    pulse.expect('meter', 5000);
    clock.nowMs = 1000;
    expect(pulse.stalled()).toBeUndefined();
    clock.nowMs = 1001;
    expect(pulse.stalled()).toBe('host');
    pulse.beat('host');
    expect(pulse.stalled()).toBeUndefined();
  });

  it('expects nothing of a stream that has ended, or has not begun', () => {
    const { clock, pulse } = pulseAt();
    pulse.beat('host');
    pulse.expect('meter', 1000);
    pulse.end('meter');
    clock.nowMs = 1e9;
    expect(pulse.stalled()).toBeUndefined();
  });
});
