// Who searches: every method there is, and ours without one part at a time.
import { lookUp, parseOptions, type Registry, registry } from '../../src/core/registry.ts';
import type { Candidates, Search, SearchMethod } from '../../src/lab/search/contract.ts';
import type { Embedding } from '../../src/lab/search/design-space/embeddings/embedding.ts';
import { embeddings } from '../../src/lab/search/design-space/embeddings/index.ts';
import { rivals } from '../../src/lab/search/rivals/index.ts';

export interface Contender {
  readonly kind: string;
  readonly embedding: Embedding;
  start(candidates: Candidates, seed: number): Search;
}

export const contenders: Registry<Contender> = registry(
  ...[...rivals.values()].map((method) => contenderOf(method.kind, method)),
);

function contenderOf(
  kind: string,
  method: SearchMethod,
  given: Readonly<Record<string, unknown>> = {},
  embedding = 'learned',
): Contender {
  const options = parseOptions(method.options, given, `search method ${method.kind}`);
  return {
    kind,
    embedding: lookUp(embeddings, embedding, 'embedding'),
    start: (candidates, seed) => method.start(candidates, options, seed),
  };
}
