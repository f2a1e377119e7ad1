// Works beside a process that a script has started, and ends the process with the work: also when the work fails, or when the
// script itself is asked to stop, so that neither a daemon nor its folder is left behind.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What a daemon may take to end in order, ms; then it is killed. */
const ENDING_MS = 30_000;

/** Rejects with the error of the work, or with one that says that the process has ended or the script was asked to stop. */
export async function besideProcess<T>(child: ChildProcess, work: () => Promise<T>): Promise<T> {
  const ended = once(child, 'exit');
  let stop: (name: string) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (name) => reject(new Error(`stopped by ${name}`));
  });
  const endedEarly = ended.then(([code, signal]): never => {
    throw new Error(`the process ended with ${code ?? signal}, before the work beside it`);
  });
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await Promise.race([work(), stopped, endedEarly]);
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
    await end(child, ended);
  }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  if (hasEnded()) return;
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(ENDING_MS, undefined, { ref: false })]);
  if (hasEnded()) return;
  child.kill('SIGKILL');
  await ended;
}
