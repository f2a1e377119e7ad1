import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { openStore } from '../../src/io/store/sqlite-store.ts';
import { alertOf } from '../io/alerts.ts';
import { peek } from '../io/store/open-store.ts';
import { configOf, names, speakingMachine, start } from './daemon/setup.ts';

it('a start closes the alert of a stream that had failed and was removed meanwhile (#20)', async () => {
  const config = configOf([speakingMachine]);
  mkdirSync(config.state, { recursive: true });
  const history = join(config.state, HISTORY_FILE);
  const store = openStore(history);
  for (const streamId of ['removed', 'machine']) {
    store.addAlert(alertOf(`of-${streamId}`, 'opened', { kind: 'stream_failed', streamId }), []);
  }
  store.addAlert(alertOf('anomaly', 'opened', { streamId: 'removed' }), []);
  store.close();
  const { alerts, stop, outcome } = start(config);
  await expect.poll(() => names(alerts)).toContain('of-machine closed'); // it runs
  stop();
  await outcome;
  const states = peek<{ id: string; state: string }>(history, 'SELECT id, state FROM alert');
  expect(names(states).slice(3)).toEqual(['of-removed closed', 'of-machine closed']);
});
