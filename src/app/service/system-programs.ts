// What programs of the system print, systemctl among them.
import { spawnSync } from 'node:child_process';

/** The answer of `systemctl show`, property by property. */
export type UnitProperties = Readonly<Record<string, string>>;

const PROPERTIES = 'LoadState,ActiveState,SubState,Result,NRestarts,UnitFileState';

/** undefined without systemd. */
export function unitProperties(unit: string): UnitProperties | undefined {
  const text = outputOf('systemctl', 'show', unit, `--property=${PROPERTIES}`);
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Programs that look something up; systemctl itself gives up on a bus that is silent after 25 s. */
const PATIENCE_MS = 30_000;

/** What a program prints; undefined when it is not there, fails, or is not done in half a minute. */
export function outputOf(program: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? stdout : undefined;
}
