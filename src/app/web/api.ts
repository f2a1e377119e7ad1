// The requests of the page's script: reads and actions. All of them have a session.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control, Reply } from '../../core/control.ts';
import type { Store } from '../../core/store.ts';
import { isObject, parseJson } from '../../io/text/json.ts';
import { verbs } from '../commands/verbs.ts';
import type { Session } from './auth/sessions.ts';
import { bodyOf, type Place, refuse, sendJson } from './http.ts';
import type { Live } from './live/live.ts';
import { alertDetail, type DetailParts } from './view/alerts.ts';
import type { ChannelRows } from './view/channel-rows.ts';
import { scoreHistory } from './view/scores.ts';

/** One request with a valid session. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly place: Place;
  readonly session: Session;
  /** Of the cookie. */
  readonly token: string;
}

interface ApiParts extends DetailParts {
  readonly history: Pick<Store, 'states' | 'peaks'>;
  readonly rows: Pick<ChannelRows, 'channels' | 'stretch'>;
  readonly live: Live;
  readonly actions: Actions;
  /** Time of a stream's newest row, else now. */
  readonly newestMs: (streamId: string) => number;
  readonly fleet: boolean;
}

type Handler = (visit: Visit, rest: string) => void | Promise<void>;

export interface Api {
  /** Answers what is asked for below `api/`. */
  get(visit: Visit, path: string): void | Promise<void>;
  /** Does what is asked for; the request was seen to come from the page. */
  post(visit: Visit, path: string): void | Promise<void>;
}

const MOST_BODY = 16_384;
const MOST_HOURS = 168;
/** Of one request for their values. */
const MOST_CHANNELS = 32;

export function createApi(parts: ApiParts): Api {
  const reads = new Map<string, Handler>([
    ['session', (visit) => sendJson(visit.response, 200, sessionOf(visit, parts))],
    ['events', (visit) => listen(visit, parts)],
    ['history', (visit) => sendHistory(visit, parts)],
    ['alert', (visit, id) => sendAlert(visit, id, parts)],
    ['channels', (visit) => sendChannels(visit, parts)],
    ['rows', (visit) => sendRows(visit, parts)],
    ['models', (visit) => sendModels(visit, parts)],
  ]);
  return {
    get(visit, path) {
      const [first = '', rest = ''] = path.split('/', 2);
      const read = reads.get(first);
      if (read) return read(visit, rest);
      refuse(visit.response, 404, `'${first}' is unknown: choose one of ${[...reads.keys()]}`);
    },
    post: (visit, path) => act(visit, path, parts),
  };
}

function sessionOf({ session }: Visit, { fleet }: ApiParts) {
  return { requestToken: session.requestToken, mayAct: session.mayAct, fleet };
}

function listen({ response, session }: Visit, { live }: ApiParts): void {
  const allowed = (): boolean => session.isOpen();
  if (!live.add(response, allowed)) {
    refuse(response, 503, 'too many browsers show this page: close one of them');
  }
}

async function sendHistory({ response, place }: Visit, parts: ApiParts): Promise<void> {
  const stream = place.parameters.get('stream') ?? '';
  const hours = Number(place.parameters.get('hours'));
  if (!(hours > 0 && hours <= MOST_HOURS)) {
    return refuse(response, 400, `hours: expected a number up to ${MOST_HOURS}`);
  }
  const points = await scoreHistory(parts.history, stream, parts.newestMs(stream), hours);
  sendJson(response, 200, { stream, hours, points });
}

function sendAlert({ response }: Visit, id: string, parts: ApiParts): void {
  const detail = alertDetail(id, parts);
  if (detail) sendJson(response, 200, detail);
  else refuse(response, 404, 'this alert is no longer in the history');
}

function sendChannels({ response, place }: Visit, { rows }: ApiParts): void {
  const stream = place.parameters.get('stream') ?? '';
  sendJson(response, 200, { stream, channels: rows.channels(stream) });
}

function sendRows({ response, place }: Visit, { rows }: ApiParts): void {
  const { parameters } = place;
  const hours = Number(parameters.get('hours') ?? Number.NaN);
  const ids = parameters.getAll('channel');
  if (!(hours >= 0 && hours <= MOST_HOURS)) {
    refuse(response, 400, `hours: expected a number up to ${MOST_HOURS}`);
  } else if (ids.length > MOST_CHANNELS) {
    refuse(response, 400, `found ${ids.length} channels, expected ${MOST_CHANNELS} at most`);
  } else {
    sendJson(response, 200, rows.stretch(parameters.get('stream') ?? '', ids, hours));
  }
}

async function sendModels({ response, place }: Visit, { actions }: ApiParts): Promise<void> {
  const reply = await actions.models(place.parameters.get('stream') ?? '');
  sendJson(response, reply.status === 'ok' ? 200 : statusOf(reply.code), reply);
}

async function act(visit: Visit, path: string, { actions, live }: ApiParts): Promise<void> {
  const { request, response, session } = visit;
  if (request.headers['x-request-token'] !== session.requestToken) {
    return refuse(response, 403, 'this request is not from the page: reload the page');
  }
  if (!session.mayAct) {
    return refuse(response, 403, 'this login may only look: log in with the other password');
  }
  const body = await bodyOf(request, MOST_BODY);
  const asked = body === undefined ? undefined : parse(body);
  if (!isObject(asked)) {
    return refuse(response, 400, `expected a JSON object of at most ${MOST_BODY} bytes`);
  }
  const verb = path.replace(/^do\//, '');
  const reply = await actions.take({ verb, request: asked });
  if (!reply) return refuse(response, 404, `'${verb}' is not allowed from the page`);
  live.refresh();
  sendJson(response, reply.status === 'ok' ? 200 : statusOf(reply.code), reply);
}

function statusOf(code: string): number {
  if (code === 'CONFIG') return 400;
  return code === 'BUG' ? 500 : 503;
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined; // the answer says so
  }
}

/** Verbs that the page needs; the others need access to the device. */
const VERBS: ReadonlySet<string> = new Set([
  'ack',
  'normal',
  'routines',
  'anomaly',
  'silence',
  'retrain',
  'rollback',
]);

interface Action {
  readonly verb: string;
  readonly request: unknown;
}

interface Actions {
  /** undefined when the page has no such verb. */
  take(action: Action): Promise<Reply> | undefined;
  /** The kept models of a stream, also for those who may only look. */
  models(stream: string): Promise<Reply>;
}

/** `answered` is called with the answer of a slow request, in one line. */
export function createActions(
  control: Pick<Control, 'execute'>,
  answered: (text: string, failed: boolean) => void,
): Actions {
  return {
    take({ verb, request }) {
      if (!VERBS.has(verb)) return undefined;
      const reply = control.execute(verb, request);
      if (!verbs.get(verb)?.slow) return reply;
      void reply.then((answer) => answered(...outcomeOf(verb, answer)));
      return Promise.resolve({ status: 'ok', data: { started: verb } });
    },
    models: (stream) => control.execute('models', { stream }),
  };
}

function outcomeOf(verb: string, reply: Reply): [text: string, failed: boolean] {
  if (reply.status === 'error') return [`${verb}: ${reply.error}`, true];
  const { message, used } = isObject(reply.data) ? reply.data : {};
  return [typeof message === 'string' ? message : `${verb}: done`, used === false];
}
