// Patterns that users write: regular expressions for a number, and names with a *.
import { ConfigError } from '../../core/errors.ts';

/**
 * A regular expression of a user, whose first group is a number; ^ and $ match at line ends. `where` names it in messages.
 * Throws `ConfigError` when it is not a regular expression, or has no group.
 */
export function numberPattern(
  pattern: string,
  where: string,
): (text: string) => string | undefined {
  const expression = compiled(pattern, where);
  const groups = (new RegExp(`${pattern}|`).exec('') ?? []).length - 1;
  if (groups === 0) {
    throw new ConfigError(`${where} has no group, expected one around the number: (\\d+)`, {
      code: 'SEN_CFG_PATTERN',
    });
  }
  return (text) => expression.exec(text)?.[1];
}

function compiled(pattern: string, where: string): RegExp {
  try {
    return new RegExp(pattern, 'm');
  } catch (cause) {
    throw new ConfigError(`${where}: ${(cause as Error).message}`, {
      code: 'SEN_CFG_PATTERN',
      cause,
    });
  }
}

/** Source of a regular expression that matches `text` literally, where `any` replaces each *. */
export function wildcardSource(text: string, any: string): string {
  return text.split('*').map(literalSource).join(any);
}

/** Source of a regular expression that matches only `text`. */
export function literalSource(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
