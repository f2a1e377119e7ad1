import { describe, expect, it } from 'vitest';
import { daemonControl, data, objection } from './control.ts';

describe('the models of a stream', () => {
  it('are listed, trained again and gone back to, of the stream that is named', async () => {
    const { ask } = daemonControl();
    expect(await ask('models', { stream: 'motor' })).toEqual(
      data({ stream: 'motor', models: [], training: null }),
    );
    expect(await ask('retrain', { stream: 'motor' })).toEqual(
      data({ stream: 'motor', id: 'new', why: 'asked', standing: 'live' }),
    );
    expect(await ask('rollback', { stream: 'motor' })).toEqual(data({ id: 'old' }));
    expect(await ask('rollback', { stream: 'motor', model: 'x' })).toEqual(data({ id: 'x' }));
    for (const verb of ['models', 'retrain', 'rollback']) {
      expect(await ask(verb, { stream: 'nobody' })).toEqual(
        objection("stream 'nobody' is unknown"),
      );
      expect(await ask(verb)).toEqual(objection('stream'));
    }
  });
});

describe('health_check', () => {
  it('reports a drift', async () => {
    const drift = { sinceMs: Date.UTC(2026, 0, 2), distance: 0.4, ratio: 1.5 };
    const streams = [{ id: 'motor', scored: 9, lastMs: 0, score: 0.4, silentS: 1, drift }];
    const problems = [
      "the normal scores of stream 'motor' have drifted since 2026-01-02T00:00:00.000Z: train it again",
    ];
    expect(await daemonControl({ streams }).ask('health_check')).toEqual(
      data({ healthy: false, problems, streams }),
    );
  });
});
