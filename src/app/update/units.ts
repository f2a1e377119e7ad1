// The daemons that systemd runs here, before and after an update.
import { setTimeout as wait } from 'node:timers/promises';
import { DeviceError } from '../../core/errors.ts';
import { thisMachine } from '../service/machine.ts';
import { outputOf, unitProperties } from '../service/system-programs.ts';

/** Not the one that updates: it matches neither. */
const PATTERNS = ['sentigon.service', 'sentigon@*.service'];
const LOOK_MS = 500;

/** None where there is no systemd. */
export function activeUnits(): readonly string[] {
  const text = outputOf(
    'systemctl',
    ...['list-units', '--state=active', '--plain', '--no-legend', '--no-pager'],
    ...PATTERNS,
  );
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  return lines.flatMap((line) => (line === '' ? [] : [line.split(/\s+/)[0] ?? '']));
}

/**
 * Restarts them, waits until each reports that it is ready, and watches them for a while. Resolves with what
 * went wrong, undefined if nothing did.
 */
export async function bringUp(
  units: readonly string[],
  settleMs: number,
): Promise<string | undefined> {
  for (const unit of units) {
    try {
      thisMachine.run('systemctl', 'restart', unit);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      return error.message;
    }
  }
  const restarts = units.map((unit) => unitProperties(unit)?.['NRestarts']);
  const endMs = performance.now() + settleMs;
  for (;;) {
    const fault = units.map((unit, index) => faultOf(unit, restarts[index])).find(Boolean);
    const leftMs = endMs - performance.now();
    if (fault !== undefined || units.length === 0 || leftMs <= 0) return fault;
    await wait(Math.min(LOOK_MS, leftMs));
  }
}

export function stop(units: readonly string[]): void {
  if (units.length > 0) thisMachine.run('systemctl', 'stop', ...units);
}

function faultOf(unit: string, restarts: string | undefined): string | undefined {
  const { ActiveState, NRestarts } = unitProperties(unit) ?? {};
  if (ActiveState !== 'active') return `${unit} is ${ActiveState ?? 'missing'}`;
  return NRestarts === restarts ? undefined : `${unit} was started again`;
}
