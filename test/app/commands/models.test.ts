import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../src/app/commands/command.ts';
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

describe('a retraining', () => {
  it('says in a sentence why its model is not used, and uses it when forced', async () => {
    const { ask, context } = daemonControl();
    const own = context.retraining('motor');
    const record = { id: 'new', trainedAt: '', rows: 9, why: 'asked' } as const;
    const reason = 'the new model raises 3 alerts on normal rows, the live model 0';
    const retraining: CommandContext['retraining'] = () => ({
      ...own,
      retrain: async (_, force) =>
        force
          ? { ...record, standing: 'live', overruled: reason }
          : { ...record, standing: 'rejected', reason },
    });
    Object.assign(context, { retraining });
    expect(await ask('retrain', { stream: 'motor' })).toEqual(
      data({
        used: false,
        message: `stream 'motor' keeps its model, because ${reason}: retrain with force=true to use new anyway`,
      }),
    );
    expect(await ask('retrain', { stream: 'motor', force: true })).toEqual(
      data({ used: true, message: `stream 'motor' uses the new model new, although ${reason}` }),
    );
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
