import { DeviceError } from './errors.ts';

export interface OptionalPackage<T> {
  readonly name: string;
  /** The command that installs it with its native part. */
  readonly install: string;
  readonly load: () => Promise<T>;
}

/**
 * Loads a package that only some installations have. `neededBy` is for the message. Throws `DeviceError` with the
 * command to run when the package is absent or its native part was never built.
 */
export async function loadOptional<T>(wanted: OptionalPackage<T>, neededBy: string): Promise<T> {
  try {
    return await wanted.load();
  } catch (cause) {
    throw missing(wanted, neededBy, cause);
  }
}

/** The same for a package that loads synchronously. */
export function requireOptional<T>(
  wanted: Omit<OptionalPackage<T>, 'load'> & { readonly load: () => T },
  neededBy: string,
): T {
  try {
    return wanted.load();
  } catch (cause) {
    throw missing(wanted, neededBy, cause);
  }
}

function missing(
  { name, install }: Omit<OptionalPackage<unknown>, 'load'>,
  neededBy: string,
  cause: unknown,
): DeviceError {
  const found = isAbsent(cause) ? 'is not installed' : `does not load (${firstLine(cause)})`;
  return new DeviceError(`${neededBy} needs the package ${name}, which ${found}: ${install}`, {
    code: 'SEN_DEV_PACKAGE',
    cause,
  });
}

function isAbsent(cause: unknown): boolean {
  return /MODULE_NOT_FOUND$/.test(String((cause as NodeJS.ErrnoException).code));
}

/** The rest lists each path that a loader of native parts has tried. */
function firstLine(cause: unknown): string {
  return (cause as Error).message.split('\n', 1)[0] ?? '';
}
