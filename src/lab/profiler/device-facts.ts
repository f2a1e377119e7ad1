// Facts about this machine: model, cores, memory.
import { arch, cpus, release, totalmem, type } from 'node:os';
import { deviceOf } from './devices.ts';
import { type ProfilerHost, textOf } from './host.ts';
import type { Profile } from './profile.ts';

/** `kind` is that of the table of devices, or the architecture if the machine is not in the table. */
export function deviceFacts(host: ProfilerHost): Profile['device'] {
  const model = modelOf(host);
  return {
    kind: deviceOf(model, arch())?.kind ?? arch(),
    model,
    // All cores of the machine: this process may be pinned to one.
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    os: `${type()} ${release()}`,
  };
}

/** Whether a profile comes from a machine like this one; a kind alone may contain machines of different speed. */
export function isLike(
  { kind, model, cores }: Profile['device'],
  here: Profile['device'],
): boolean {
  return kind === here.kind && model === here.model && cores === here.cores;
}

/** Boards have the model in their device tree, with a zero at the end; PCs report their processor. */
function modelOf(host: ProfilerHost): string {
  const board = textOf(host, 'proc/device-tree/model')?.replaceAll('\0', '');
  const processor = /^model name\s*: (.*)$/m.exec(textOf(host, 'proc/cpuinfo') ?? '')?.[1];
  return board ?? processor ?? 'unknown';
}
