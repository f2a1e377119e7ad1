import type { DecisionKinds, Decisions } from '../../core/decisions.ts';
import type { HistoryFile } from './history-file.ts';

export function createDecisions(file: Pick<HistoryFile, 'run'>): Decisions {
  return {
    put: (kind, name, body) =>
      void file.run((statements) => statements.putDecision.run(kind, name, JSON.stringify(body))),
    remove: (kind, name) =>
      file.run((statements) => statements.removeDecision.run(kind, name).changes > 0),
    list<Kind extends keyof DecisionKinds>(kind: Kind) {
      const bodies = file.run((statements) => statements.decisions.all(kind));
      // bodies were written by `put`, which takes no other shape under this kind
      return bodies.map((body) => JSON.parse(body) as DecisionKinds[Kind]);
    },
  };
}
