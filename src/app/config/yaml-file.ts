// Files in YAML that people write: read whole, checked against a schema, all faults at once with their lines.
import { existsSync } from 'node:fs';
import type { ZodType } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { readWhole, whyUnread } from '../../io/files/whole-file.ts';
import { type ConfigDocument, type Fault, readPlainDocument } from './document.ts';
import { faultLine, faultsOf } from './faults.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { MOST_CONFIG_BYTES } from './yaml-text.ts';

/**
 * A file that is no configuration of the daemon. `faultsIn` looks for what the schema cannot see. Throws `ConfigError`, one
 * line per fault; `advice` ends the message for a file that does not exist.
 */
export function readYamlFile<Content>(
  file: string,
  schema: ZodType<Content>,
  {
    advice,
    faultsIn,
  }: { advice: string; faultsIn(content: Content, document: ConfigDocument): readonly Fault[] },
): Content {
  const document = readPlainDocument(readYamlText(file, advice));
  refuse(file, document.faults);
  const result = schema.safeParse(document.data ?? {});
  if (!result.success) {
    refuse(file, faultsOf(result.error, document, jsonSchemaOf(schema)));
    throw new RangeError('a schema refused the file without a fault');
  }
  refuse(file, faultsIn(result.data, document));
  return result.data;
}

/** Throws `ConfigError`; `advice` ends the message for a file that does not exist. */
export function readYamlText(file: string, advice: string): string {
  let bytes: Buffer;
  try {
    bytes = readWhole(file, MOST_CONFIG_BYTES);
  } catch (cause) {
    const what = existsSync(file) ? 'name a file that the user who runs this may read' : advice;
    throw new ConfigError(`${file}: ${whyUnread(cause)}: ${what}`, {
      code: 'SEN_CFG_FILE_UNREADABLE',
      cause,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`${file}: found bytes that are not UTF-8, expected a text`, {
      code: 'SEN_CFG_FILE_UNREADABLE',
      cause,
    });
  }
}

/** Throws `ConfigError` if there are faults, in the order of their lines. */
export function refuse(name: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const inOrder = [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
  throw new ConfigError(inOrder.map((fault) => faultLine(name, fault)).join('\n'), {
    code: 'SEN_CFG_FAULTS',
  });
}
