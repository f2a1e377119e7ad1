// Power chips that the kernel shows as folders of small files: a `name`, and files of a rail with its number in theirs.
import { namesIn, type ProfilerHost, textOf } from '../host.ts';
import type { Meter } from './meter.ts';
import { polledMeter } from './polled-meter.ts';

/** How a subsystem of the kernel shows them. */
export interface RailFiles {
  readonly kind: string;
  /** What holds a folder for each chip. */
  readonly folder: string;
  /** Files that a rail has; what it captures is the number. */
  readonly file: RegExp;
  labelFile(number: string): string;
  /** Watts now, of a rail in the folder of a chip; undefined where it has no such figure. */
  powerOf(chip: string, number: string, host: ProfilerHost): number | undefined;
}

export interface Wanted {
  chip(name: string): boolean;
  /** Label or number; undefined = the first. */
  readonly rail: string | undefined;
}

/** The first that is wanted and can be read. */
export function railMeter(files: RailFiles, wanted: Wanted, host: ProfilerHost): Meter | undefined {
  const { kind, folder, powerOf } = files;
  for (const name of namesIn(host, folder)) {
    const path = `${folder}/${name}`;
    const chip = textOf(host, `${path}/name`) ?? name;
    if (!wanted.chip(chip)) continue;
    const rail = railsOf(path, files, host).find(({ number, label }) =>
      [undefined, label, number].includes(wanted.rail),
    );
    if (!rail) continue;
    const { number, label } = rail;
    return polledMeter(
      {
        kind,
        id: `${chip} ${label ?? number}`,
        covers: 'what flows through the resistor of the chip',
        read: () => powerOf(path, number, host),
      },
      host,
    );
  }
  return undefined;
}

/** Those of which power can be read, in the order of their numbers. */
function railsOf(path: string, { file, labelFile, powerOf }: RailFiles, host: ProfilerHost) {
  const numbers = namesIn(host, path).flatMap((name) => file.exec(name)?.[1] ?? []);
  return [...new Set(numbers)]
    .filter((number) => powerOf(path, number, host) !== undefined)
    .map((number) => ({ number, label: textOf(host, `${path}/${labelFile(number)}`) }));
}
