// Faults of a request in the words of its keys, with what there is to choose from.
import type { ZodError } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { issueWords, valueAt } from '../../core/issue-words.ts';
import { didYouMean, nearest } from '../../core/nearest-word.ts';
import { jsonSchemaOf, keysOf } from '../config/json-schema.ts';
import type { Command } from './command.ts';

/** The request as its command takes it. Throws `ConfigError` with all faults in one line. */
export function parseRequest<Request>(
  { verb, request: schema }: Pick<Command<Request>, 'verb' | 'request'>,
  asked: unknown,
  streamIds: readonly string[],
): Request {
  const { success, data, error } = schema.safeParse(asked);
  if (success) return data;
  const faults = error.issues.map((issue) => faultOf(issue, asked, schema, streamIds));
  throw new ConfigError(`request ${verb}: ${faults.join('; ')}`, { code: 'SEN_CFG_KIND_OPTIONS' });
}

function faultOf(
  issue: ZodError['issues'][number],
  asked: unknown,
  schema: Command['request'],
  streamIds: readonly string[],
): string {
  const { code, path, message } = issue;
  if (code === 'unrecognized_keys') return unknownKeys(issue.keys, knownKeys(schema));
  // what is wrong with the whole is said by its schema
  if (path.length === 0) return code === 'custom' ? message : issueWords(issue, asked);
  const place = path.join('.');
  const found = valueAt(asked, path);
  if (found !== undefined) return `${place}: ${issueWords(issue, found)}`;
  return `${place}: required${place === 'stream' ? `; there are ${streamIds.join(', ')}` : ''}`;
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const [key = ''] = keys;
  const expected = known.length === 0 ? 'no key' : `one of ${known.join(', ')}`;
  return `${keys.join(', ')}: unknown, expected ${expected}${didYouMean(nearest(key, known))}`;
}

/** Of all its forms. */
function knownKeys(request: Command['request']): readonly string[] {
  const schema = jsonSchemaOf(request);
  const forms = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return [...new Set(forms.flatMap(keysOf))];
}
