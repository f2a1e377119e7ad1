import { ConfigError } from '../../../core/errors.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** `read` throws `ConfigError` with a line per fault. */
export function checkConfiguration(file: string | undefined, read: () => unknown): Finding[] {
  if (file === undefined) {
    const found = 'none: this machine would be watched';
    return [warn('configuration', found, 'sentigon init')];
  }
  try {
    read();
    return [ok('configuration', `${file} is fine`)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mend = `edit ${file}, then sentigon config check ${file}`;
    return error.message.split('\n').map((fault) => fail('configuration', fault, mend));
  }
}
