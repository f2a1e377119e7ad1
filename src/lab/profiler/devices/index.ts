// Devices that are known before they are measured. A new one is one file and one word here.
import { type Registry, registry } from '../../../core/registry.ts';
import type { Device } from './device.ts';
import { jetsonNano } from './jetson-nano.ts';
import { pi3BPlus } from './pi-3b-plus.ts';
import { pi4B } from './pi-4b.ts';
import { pi5 } from './pi-5.ts';
import { piZero2W } from './pi-zero-2-w.ts';
import { x86 } from './x86.ts';

export const devices: Registry<Device> = registry(piZero2W, pi3BPlus, pi4B, pi5, jetsonNano, x86);

/** The device that a machine of this model and architecture is; undefined where it is none of these. */
export function deviceOf(model: string, architecture: string): Device | undefined {
  return [...devices.values()].find((device) => device.matches(model, architecture));
}
