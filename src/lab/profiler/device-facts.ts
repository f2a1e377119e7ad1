// What a machine says of itself.
import { arch, cpus, release, totalmem, type } from 'node:os';
import { deviceOf } from './devices/index.ts';
import { type ProfilerHost, textOf } from './host.ts';
import type { Profile } from './profile.ts';

/** `kind` is that of the table of devices, or the architecture where the machine is none of those. */
export function deviceFacts(host: ProfilerHost): Profile['device'] {
  const model = modelOf(host);
  return {
    kind: deviceOf(model, arch())?.kind ?? arch(),
    model,
    // Not those that this process may run on: it may be held on one.
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    os: `${type()} ${release()}`,
  };
}

/** Whether a profile is of a machine like this one: kinds of the table of devices hold many, of any speed. */
export function isLike(
  { kind, model, cores }: Profile['device'],
  here: Profile['device'],
): boolean {
  return kind === here.kind && model === here.model && cores === here.cores;
}

/** Boards have it in their device tree, with a zero at the end; PCs name their processor. */
function modelOf(host: ProfilerHost): string {
  const board = textOf(host, 'proc/device-tree/model')?.replaceAll('\0', '');
  const processor = /^model name\s*: (.*)$/m.exec(textOf(host, 'proc/cpuinfo') ?? '')?.[1];
  return board ?? processor ?? 'unknown';
}
