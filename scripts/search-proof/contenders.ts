// Who searches: every method there is, and ours without one part at a time.

import { methods } from '../../src/app/search/methods.ts';
import { parseOptions, type Registry, registry } from '../../src/core/registry.ts';
import type { Candidates, Search, SearchMethod } from '../../src/lab/search/contract.ts';
import type { Embedding } from '../../src/lab/search/design-space/embeddings/embedding.ts';

export interface Contender {
  readonly kind: string;
  /** Absent = the table's own. */
  readonly embedding: Embedding | undefined;
  start(candidates: Candidates, seed: number): Search;
}

export const contenders: Registry<Contender> = registry(
  ...[...methods.values()].map((method) => contenderOf(method.kind, method)),
);

function contenderOf(
  kind: string,
  method: SearchMethod,
  given: Readonly<Record<string, unknown>> = {},
  embedding?: Embedding,
): Contender {
  const options = parseOptions(method.options, given, `search method ${method.kind}`);
  return {
    kind,
    embedding,
    start: (candidates, seed) => method.start(candidates, options, seed),
  };
}
