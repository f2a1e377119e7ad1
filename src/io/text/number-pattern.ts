import { ConfigError } from '../../core/errors.ts';

/**
 * A regular expression of a user, whose first group is a number; ^ and $ match at lines. `where` names it in messages.
 * Throws `ConfigError` when it is none or has no group.
 */
export function numberPattern(
  pattern: string,
  where: string,
): (text: string) => string | undefined {
  const expression = compiled(pattern, where);
  const groups = (new RegExp(`${pattern}|`).exec('') ?? []).length - 1;
  if (groups === 0) {
    throw new ConfigError(`${where} has no group, expected one around the number: (\\d+)`);
  }
  return (text) => expression.exec(text)?.[1];
}

function compiled(pattern: string, where: string): RegExp {
  try {
    return new RegExp(pattern, 'm');
  } catch (cause) {
    throw new ConfigError(`${where}: ${(cause as Error).message}`, { cause });
  }
}
