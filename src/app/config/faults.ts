// Faults of a file with their lines. Keys that are not names of options are not quoted either: each may be a secret in the wrong
// place.
import type { ZodError } from 'zod';
import { insteadOf, issueWords, valueAt } from '../../core/issue-words.ts';
import type { ConfigDocument, Fault } from './document.ts';
import { describedSteps, type JsonSchema, keysOf, schemaAt } from './json-schema.ts';

type Issue = ZodError['issues'][number];

/** Of a value whose issues these are; `schema` is its own. */
export function faultsOf(
  { issues }: Pick<ZodError, 'issues'>,
  document: ConfigDocument,
  schema: JsonSchema,
): Fault[] {
  return issues.slice(0, MOST_TOLD).flatMap((issue) => faultsOfIssue(issue, document, schema));
}

/** Most unknown keys that are reported at once; each is searched for in the text. */
const MOST_TOLD = 50;

function faultsOfIssue(issue: Issue, document: ConfigDocument, schema: JsonSchema): Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    const message = issueWords(issue, valueAt(document.data, issue.path));
    return [document.at(issue.path, message, describedSteps(schema, issue.path, document.data))];
  }
  const known = keysOf(schemaAt(schema, issue.path, document.data));
  return issue.keys
    .slice(0, MOST_TOLD)
    .map((key) => document.atKey(issue.path, key, `found an unknown key${insteadOf(key, known)}`));
}

/** `sentigon.yaml:7:5 streams[0].source.kind: found ...`. */
export function faultLine(file: string, fault: Fault): string {
  const path = fault.path === '' ? '' : ` ${fault.path}:`;
  return `${file}:${fault.line}:${fault.column}${path} ${fault.message}`;
}
