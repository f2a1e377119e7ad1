import { describe, expect, it } from 'vitest';
import { createOwnTrainings } from '../../../src/app/retraining/own-trainings.ts';
import { createRetrainingRegistry } from '../../../src/app/retraining/retraining-registry.ts';

const MINUTE_MS = 60_000;

function trainings() {
  const clock = { ms: 1000 };
  return { clock, own: createOwnTrainings(() => clock.ms) };
}

describe('the trainings of the daemon itself (#19)', () => {
  it('disturb rows while one runs, and until three minutes after the last', () => {
    const { clock, own } = trainings();
    expect(own.disturb(0)).toBe(false);
    const first = own.begin();
    const second = own.begin();
    expect(own.disturb(0)).toBe(true);
    first();
    clock.ms += 10 * MINUTE_MS;
    expect(own.disturb(0)).toBe(true);
    second();
    clock.ms += 3 * MINUTE_MS - 1;
    expect(own.disturb(0)).toBe(true);
    clock.ms += 1;
    expect(own.disturb(0)).toBe(false);
  });

  it('disturb a row that began before that', () => {
    const { clock, own } = trainings();
    own.begin()();
    clock.ms += 3.5 * MINUTE_MS;
    expect(own.disturb(1000)).toBe(false);
    expect(own.disturb(MINUTE_MS)).toBe(true);
  });

  it('do not blind a stream for ever when one hangs', () => {
    const { clock, own } = trainings();
    const late = own.begin();
    clock.ms += 59 * MINUTE_MS;
    expect(own.disturb(0)).toBe(true);
    clock.ms += MINUTE_MS;
    expect(own.disturb(0)).toBe(false);
    own.begin()();
    clock.ms += 3 * MINUTE_MS;
    expect(own.disturb(0)).toBe(false);
    late();
    expect(own.disturb(0)).toBe(true);
    clock.ms += 3 * MINUTE_MS;
    late(); // once more changes nothing
    expect(own.disturb(0)).toBe(false);
  });

  it('include each one that has its turn', () => {
    const { clock, own } = trainings();
    const registry = createRetrainingRegistry(own);
    const giveBack = registry.takeTurn();
    expect(own.disturb(0)).toBe(true);
    expect(registry.takeTurn()).toBeUndefined();
    giveBack?.();
    clock.ms += 3 * MINUTE_MS;
    expect(own.disturb(0)).toBe(false);
  });

  it('are shown in the health of the streams that they disturb', () => {
    const registry = createRetrainingRegistry(trainings().own);
    const watched = { drift: () => undefined, promise: () => undefined, retraining: undefined };
    registry.enter('host', { ...watched, disturbed: () => true });
    registry.enter('room', { ...watched, disturbed: () => false });
    expect(registry.modelHealthOf('host')).toEqual({ disturbed: true });
    expect(registry.modelHealthOf('room')).toEqual({});
  });
});
