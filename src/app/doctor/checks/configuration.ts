import { ConfigError } from '../../../core/errors.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** `read` rejects with `ConfigError`, a line per fault. */
export async function checkConfiguration(
  file: string | undefined,
  read: (file: string) => Promise<unknown>,
): Promise<Finding[]> {
  if (file === undefined) {
    const found = 'none: this machine would be watched';
    return [warn('configuration', found, 'sentigon init')];
  }
  try {
    await read(file);
    return [ok('configuration', `${file} is fine`)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mend = `edit ${file}, then sentigon config check ${file}`;
    return error.message.split('\n').map((fault) => fail('configuration', fault, mend));
  }
}
