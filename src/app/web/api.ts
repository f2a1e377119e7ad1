// What the page's script asks for, and what it asks to be done. Everybody here is logged in.
import type { Store } from '../../core/store.ts';
import { isObject } from '../../io/text/json-object.ts';
import { parseJson } from '../../io/text/parse-json.ts';
import type { Actions } from './actions.ts';
import { refuse, sendJson } from './http/answers.ts';
import { bodyOf } from './http/requests.ts';
import type { Live } from './live/live.ts';
import { alertDetail, type DetailParts } from './view/alert-detail.ts';
import { scoreHistory } from './view/history.ts';
import type { Visit } from './visit.ts';

export interface ApiParts extends DetailParts {
  readonly history: Pick<Store, 'states' | 'peaks'>;
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

export function createApi(parts: ApiParts): Api {
  const reads = new Map<string, Handler>([
    ['session', (visit) => sendJson(visit.response, 200, sessionOf(visit, parts))],
    ['events', (visit) => listen(visit, parts)],
    ['history', (visit) => sendHistory(visit, parts)],
    ['alert', (visit, id) => sendAlert(visit, id, parts)],
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
  return { requestToken: session.requestToken, fleet };
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

async function act(visit: Visit, path: string, { actions, live }: ApiParts): Promise<void> {
  const { request, response, session } = visit;
  if (request.headers['x-request-token'] !== session.requestToken) {
    return refuse(response, 403, 'this request is not from the page: load it again');
  }
  const body = await bodyOf(request, MOST_BODY);
  const asked = body === undefined ? undefined : parse(body);
  if (!isObject(asked)) {
    return refuse(response, 400, `expected a JSON object of at most ${MOST_BODY} bytes`);
  }
  const verb = path.replace(/^do\//, '');
  const reply = await actions.take({ verb, request: asked });
  if (!reply) return refuse(response, 404, `'${verb}' is nothing that the page may ask for`);
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
