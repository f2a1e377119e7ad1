import type { DecisionKinds, Decisions } from '../../core/decisions.ts';
import type { Statements } from './statements.ts';

/** `run` carries out one operation on the connection of the moment. */
export function createDecisions(
  run: <T>(operation: (statements: Statements) => T) => T,
): Decisions {
  return {
    put: (kind, name, body) =>
      void run((statements) => statements.putDecision.run(kind, name, JSON.stringify(body))),
    remove: (kind, name) =>
      run((statements) => statements.removeDecision.run(kind, name).changes > 0),
    list<Kind extends keyof DecisionKinds>(kind: Kind) {
      const bodies = run((statements) => statements.decisions.all(kind));
      // bodies were written by `put`, which takes no other shape under this kind
      return bodies.map((body) => JSON.parse(body) as DecisionKinds[Kind]);
    },
  };
}
