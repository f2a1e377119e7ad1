import { describe, expect, it } from 'vitest';
import { createPulse, withPulse } from '../../../src/app/streams/pulse.ts';
import type { Source } from '../../../src/core/source.ts';

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

  it('beats with each sample that is taken, and not while one is worked on', async () => {
    const { clock, pulse } = pulseAt();
    const source: Source = {
      id: 'two',
      live: true,
      channels: [],
      async *samples() {
        yield { streamId: 'two', timeMs: 1, values: new Float64Array() };
        yield { streamId: 'two', timeMs: 2, values: new Float64Array() };
        await Promise.resolve();
      },
    };
    pulse.expect('two', 1000);
    const stalled: (string | undefined)[] = [];
    for await (const _ of withPulse(source, 'two', pulse).samples(new AbortController().signal)) {
      stalled.push(pulse.stalled());
      clock.nowMs += 2000; // scoring takes that long
      stalled.push(pulse.stalled());
    }
    expect(stalled).toEqual([undefined, 'two', undefined, 'two']);
  });
});
