// What people do on the page, by the same verbs as over MQTT and from the command line.
import type { Control, Reply } from '../../core/control.ts';
import { isObject } from '../../io/text/json-object.ts';
import { commands } from '../commands/index.ts';

/** What the page needs; the others are for people who have the device in their hands. */
const VERBS: ReadonlySet<string> = new Set([
  'ack',
  'normal',
  'silence',
  'models',
  'retrain',
  'rollback',
]);

export interface Action {
  readonly verb: string;
  readonly request: unknown;
}

export interface Actions {
  /** undefined when the page has no such verb. */
  take(action: Action): Promise<Reply> | undefined;
}

/** `told` hears of a request's answer that nobody waited for, in one line. */
export function createActions(
  control: Pick<Control, 'execute'>,
  told: (text: string, failed: boolean) => void,
): Actions {
  return {
    take({ verb, request }) {
      if (!VERBS.has(verb)) return undefined;
      const reply = control.execute(verb, request);
      if (!commands.get(verb)?.slow) return reply;
      void reply.then((answer) => told(...outcomeOf(verb, answer)));
      return Promise.resolve({ status: 'ok', data: { started: verb } });
    },
  };
}

function outcomeOf(verb: string, reply: Reply): [text: string, failed: boolean] {
  if (reply.status === 'error') return [`${verb}: ${reply.error}`, true];
  const { stream, id, standing, reason } = isObject(reply.data) ? reply.data : {};
  const why = typeof reason === 'string' ? `: ${reason}` : '';
  return [`${stream}: model ${id} is ${standing}${why}`, standing === 'rejected'];
}
