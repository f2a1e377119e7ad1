// A restore that is killed at one of its steps, by strace.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBackup } from '../../src/app/state/make-backup.ts';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { configOf, type Started, start } from '../app/daemon/setup.ts';
import { alertOf } from '../io/alerts.ts';
import { open, peek } from '../io/store/open-store.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { type Ended, sentigon } from './sentigon.ts';

/** A state in which everything is of one name. */
function stateOf(name: string): string {
  const state = join(tempFolder(), 'state');
  const { store } = open(join(state, HISTORY_FILE));
  store.addAlert(alertOf(name), ['mqtt']);
  store.close();
  for (const part of ['models', 'thresholds']) {
    mkdirSync(join(state, part, 'host'), { recursive: true });
    writeFileSync(join(state, part, 'host', 'file'), name);
  }
  return state;
}

/** The names in a state, of which there should be one; `nothing` for a part that is missing. */
export function namesIn(state: string): string[] {
  const history = join(state, HISTORY_FILE);
  const alerts = peek<{ id: string }>(history, 'SELECT id FROM alert').map(({ id }) => id);
  const texts = ['models', 'thresholds'].map((part) => {
    try {
      return readFileSync(join(state, part, 'host', 'file'), 'utf8');
    } catch {
      return 'nothing';
    }
  });
  return [...new Set([...(alerts.length > 0 ? alerts : ['nothing']), ...texts])];
}

export interface Killed {
  readonly state: string;
  readonly ended: Ended;
}

/** Has the state `new` put in the place of `old` by a process that gets SIGKILL at its nth call of `call`, a regular expression. */
export async function killedRestore(call: string, nth: number): Promise<Killed> {
  const file = join(tempFolder(), 'backup.tar.gz');
  await makeBackup(stateOf('new'), file, Date.now());
  const state = stateOf('old');
  const ended = await sentigon(['restore', file, '--state', state, '--force'], {
    through: ['strace', '-o', '/dev/null', '-e', `inject=/${call}:signal=SIGKILL:when=${nth}`],
  });
  return { state, ended };
}

/** A daemon starts there, and is stopped at once. */
export async function startThere(state: string): Promise<Started> {
  const source = { kind: 'exec', mode: 'lines', command: ['sleep', '60'] };
  const started = start(configOf([{ id: 'host', source }], { state }));
  started.stop();
  await started.outcome.catch(() => undefined);
  return started;
}
