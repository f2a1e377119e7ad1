// What the daemon's tests have in common: a configuration in a temporary folder, a log that is kept, a broker.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { complete } from '../../../src/app/config/load.ts';
import { type Config, configSchema } from '../../../src/app/config/schema.ts';
import { type Outcome, run } from '../../../src/app/daemon/daemon.ts';
import { createLog } from '../../../src/app/log.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { tempFolder } from '../../io/temp-folder.ts';

/** A configuration as a user writes it; without a broker unless `changes` name one. */
export function configOf(
  streams: readonly Record<string, unknown>[],
  changes: Record<string, unknown> = {},
): Config {
  const written = {
    node: 'pi',
    state: join(tempFolder(), 'state'),
    embedded: { enabled: false },
    sinks: [],
    streams,
    ...changes,
  };
  return complete(configSchema.parse(written), readEnvironment({}));
}

/** Prints a row each 10 ms: two channels that move together. */
const MACHINE = `let n = 0; setInterval(() => { n += 1; const load = Math.sin(n / 20);
  console.log(JSON.stringify({ power: 10 + load + Math.random() / 9, heat: 50 + 5 * load + Math.random() / 2 })); }, 10);`;

/** A live stream of it, which learns in two seconds. */
export const speakingMachine = {
  id: 'machine',
  source: { kind: 'exec', mode: 'lines', command: [process.execPath, '-e', MACHINE] },
  learn: { rows: 200, intervalMs: 10, detector: 'pca' },
  health: { maxAgeMs: 0 },
};

export interface Started {
  readonly outcome: Promise<Outcome>;
  readonly alerts: readonly Alert[];
  readonly log: readonly { level: number; msg: string }[];
  stop(): void;
}

export function start(config: Config): Started {
  const log: { level: number; msg: string }[] = [];
  const alerts: Alert[] = [];
  const stop = new AbortController();
  const outcome = run(config, stop.signal, {
    log: createLog({ level: 'info', style: 'json', write: (line) => log.push(JSON.parse(line)) }),
    onAlert: (alert) => alerts.push(alert),
  });
  outcome.catch(() => undefined); // a test that expects it awaits it later
  return { outcome, alerts, log, stop: () => stop.abort() };
}

/** A broker on a free port, closed when the test ends. */
export async function broker(port = 0): Promise<string> {
  const started = await startBroker({ port });
  onTestFinished(() => started.close());
  return started.url;
}

/** id and state, which is what makes two alert states the same. */
export function names(
  alerts: readonly { readonly id: string; readonly state: string }[],
): string[] {
  return alerts.map(({ id, state }) => `${id} ${state}`);
}
