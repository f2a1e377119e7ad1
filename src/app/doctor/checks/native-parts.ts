import { type Finding, fail, ok } from '../finding.ts';

/** A part of the program that was compiled for this machine, or a program beside it. */
export interface Part {
  readonly name: string;
  /** Rejects or throws when the part is not usable; may resolve with its version. */
  readonly load: () => Promise<string | undefined> | string | undefined;
  readonly mend: string;
}

export function checkParts(parts: readonly Part[]): Promise<Finding[]> {
  return Promise.all(parts.map(checkPart));
}

async function checkPart({ name, load, mend }: Part): Promise<Finding> {
  try {
    return ok(name, (await load()) ?? 'works');
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return fail(name, `does not work: ${reason}`, mend);
  }
}
