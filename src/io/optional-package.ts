import { DeviceError } from '../core/errors.ts';

export interface OptionalPackage<T> {
  readonly name: string;
  /** The command that brings it, native part included. */
  readonly install: string;
  readonly load: () => Promise<T>;
}

/**
 * Loads a package that only some installations have. `neededBy` is for the message. Throws `DeviceError` with the
 * command to run when the package is absent or its native part was never built.
 */
export async function loadOptional<T>(
  { name, install, load }: OptionalPackage<T>,
  neededBy: string,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const found = isAbsent(cause) ? 'is not installed' : `does not load (${firstLine(cause)})`;
    throw new DeviceError(`${neededBy} needs the package ${name}, which ${found}: ${install}`, {
      cause,
    });
  }
}

function isAbsent(cause: unknown): boolean {
  return /MODULE_NOT_FOUND$/.test(String((cause as NodeJS.ErrnoException).code));
}

/** Loaders of native parts list every path they tried. */
function firstLine(cause: unknown): string {
  return (cause as Error).message.split('\n', 1)[0] ?? '';
}
