import { describe, expect, it } from 'vitest';
import type { Stream } from '../../../src/app/compose/stream.ts';
import { builtInKinds } from '../../../src/app/plugins/kinds.ts';
import { createStreamRegistry } from '../../../src/app/status/stream-registry.ts';
import { configOf } from '../daemon/setup.ts';
import { tinyModel } from '../tiny-model.ts';

function streams(live = true): Stream[] {
  return configOf([{ id: 'motor', source: { kind: 'host' } }]).streams.map((config) => ({
    ...{ id: config.id, config, kinds: builtInKinds, model: undefined, channels: [] },
    source: { id: config.id, live, channels: [], samples: () => ({}) as never },
    ...{ learntPath: '', archivePath: '', memoryPath: '', rowsPath: '' },
  }));
}

describe('the registry of streams', () => {
  it('knows how far a stream has learnt, until it watches (#19)', () => {
    const registry = createStreamRegistry(() => 0);
    registry.enter(streams());
    expect(registry.health()[0]).not.toHaveProperty('learning');
    const learning = { rows: 2000, calmRows: 1500, neededRows: 1800 };
    registry.learning('motor', learning);
    expect(registry.health()[0]).toMatchObject({ learning });
    registry.watching('motor', tinyModel({ windowLength: 30 }));
    expect(registry.health()[0]).not.toHaveProperty('learning');
  });

  it('knows how long a watched stream waits for a score, from its first window on (#18)', () => {
    let nowMs = 0;
    const registry = createStreamRegistry(() => nowMs);
    registry.enter(streams());
    const silentS = () => registry.health()[0]?.silentS;
    nowMs = 1_000_000;
    expect(silentS()).toBeNull();
    registry.watching('motor', tinyModel({ windowLength: 30 }));
    nowMs += 30_000;
    expect(silentS()).toBe(0);
    nowMs += 90_000;
    expect(silentS()).toBe(90);
    registry.note({ streamId: 'motor', timeMs: 1, score: 0.1, level: 1, anomalous: false });
    nowMs += 5000;
    expect(silentS()).toBe(5);
  });

  it('gives a stream that begins again the time it needs before its first score', () => {
    let nowMs = 0;
    const registry = createStreamRegistry(() => nowMs);
    const silentS = () => registry.health()[0]?.silentS;
    registry.enter(streams());
    registry.watching('motor', tinyModel({ windowLength: 30 }));
    registry.note({ streamId: 'motor', timeMs: 1, score: 0.1, level: 1, anomalous: false });
    registry.enter(streams()); // by another configuration, with which it learns anew
    nowMs = 7_200_000;
    expect(silentS()).toBeNull();
    registry.watching('motor', tinyModel({ windowLength: 30 }));
    nowMs += 30_000;
    expect(silentS()).toBe(0);
    nowMs += 90_000;
    expect(silentS()).toBe(90);
  });

  it('does not call a recording silent that is over', () => {
    let nowMs = 0;
    const registry = createStreamRegistry(() => nowMs);
    registry.enter(streams(false));
    registry.watching('motor', tinyModel({ windowLength: 30 }));
    registry.note({ streamId: 'motor', timeMs: 1, score: 0.1, level: 1, anomalous: false });
    nowMs = 1_000_000;
    expect(registry.health()).toMatchObject([{ scored: 1, silentS: null }]);
  });

  it('does not call silent what has ended, or learns anew with another configuration', () => {
    let nowMs = 0;
    const registry = createStreamRegistry(() => nowMs);
    const silentAfter = (change: () => void): unknown => {
      registry.enter(streams());
      registry.watching('motor', tinyModel({ windowLength: 30 }));
      registry.note({ streamId: 'motor', timeMs: 1, score: 0.1, level: 1, anomalous: false });
      change();
      nowMs += 1_000_000;
      return registry.health()[0]?.silentS;
    };
    expect(silentAfter(() => undefined)).toBe(970);
    expect(silentAfter(() => registry.ended('motor'))).toBeNull();
    expect(silentAfter(() => registry.enter(streams()))).toBeNull();
  });
});
