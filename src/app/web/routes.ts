// Every request to the page: without a session there is only the login.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOwnName } from '../../io/local/http-listener.ts';
import type { WebOptions } from '../config/web-options.ts';
import type { Api, Visit } from './api.ts';
import type { Authentication } from './auth/authentication.ts';
import {
  bodyOf,
  cookieOf,
  isFromPage,
  NEVER_KEPT,
  type Place,
  placeOf,
  refuse,
  send,
  sendTo,
} from './http.ts';
import type { PageFiles } from './page-files.ts';

export interface RouteParts {
  readonly authentication: Authentication;
  readonly files: PageFiles;
  readonly api: Api;
  readonly node: string;
  readonly options: Pick<WebOptions, 'origin' | 'sessionHours'>;
}

/** What the login page is made of. */
const FOR_ALL: ReadonlySet<string> = new Set(['style.css', 'icon.svg']);
const MOST_LOGIN = 4096;

export function createRoutes(parts: RouteParts) {
  const cookie = `sentigon_${parts.node}`;
  return (request: IncomingMessage, response: ServerResponse): void | Promise<void> => {
    const place = placeOf(request);
    if (isTurnedAway(request, response, parts.options)) return;
    const token = cookieOf(request, cookie);
    const session = parts.authentication.sessionOf(token);
    if (!session || token === undefined)
      return outside({ request, response, place }, cookie, parts);
    const visit = { request, response, place, session, token };
    return request.method === 'POST' ? post(visit, cookie, parts) : get(visit, parts);
  };
}

/** Refuses requests for a wrong host or from another page; true if it did. */
function isTurnedAway(
  request: IncomingMessage,
  response: ServerResponse,
  { origin }: Pick<WebOptions, 'origin'>,
): boolean {
  const { method, headers } = request;
  if (!isOwnName(request, origin === undefined ? [] : [new URL(origin).hostname])) {
    const how =
      "open the page with the device's address, or set web.origin to the address in the browser";
    refuse(response, 421, `'${headers.host}' is not an address of this page: ${how}`);
  } else if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    send(response, 405, { allow: 'GET, HEAD, POST' });
  } else if (method === 'POST' && !isFromPage(request, origin)) {
    refuse(response, 403, 'this request is from another page');
  } else return false;
  return true;
}

interface Stranger {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly place: Place;
}

function outside(stranger: Stranger, cookie: string, parts: RouteParts): void | Promise<void> {
  const { request, response, place } = stranger;
  const { path } = place;
  if (request.method === 'POST') {
    if (path === 'login') return login(stranger, cookie, parts);
    return refuse(response, 401, 'log in first');
  }
  if (path === 'login') return sendLogin(response, 200, '', parts);
  if (FOR_ALL.has(path)) return void parts.files.send(path, request, response);
  if (path === '') return sendTo(response, 'login');
  refuse(response, 401, 'log in first');
}

async function login(
  { request, response }: Stranger,
  cookie: string,
  parts: RouteParts,
): Promise<void> {
  const body = await bodyOf(request, MOST_LOGIN);
  const attempt = new URLSearchParams(body ?? '').get('password') ?? '';
  const entrance = parts.authentication.enter(attempt, request.socket.remoteAddress ?? '');
  switch (entrance.kind) {
    case 'in':
      return sendTo(response, './', { 'set-cookie': cookieText(cookie, entrance.token, parts) });
    case 'wrong':
      return sendLogin(response, 401, 'Wrong password.', parts);
    case 'early':
      response.setHeader('retry-after', entrance.waitS);
      return sendLogin(
        response,
        429,
        `Too many wrong passwords: wait ${entrance.waitS} seconds, then try again.`,
        parts,
      );
  }
}

function sendLogin(
  response: ServerResponse,
  status: number,
  message: string,
  { files, node }: RouteParts,
): void {
  const headers = { ...NEVER_KEPT, 'content-type': 'text/html; charset=utf-8' };
  send(response, status, headers, files.filled('login.html', { node, message }));
}

function get(visit: Visit, { files, api }: RouteParts): void | Promise<void> {
  const { request, response, place } = visit;
  const { path } = place;
  if (path === 'login') return sendTo(response, './');
  if (path.startsWith('api/')) return api.get(visit, path.slice('api/'.length));
  const found = files.send(path === '' ? 'index.html' : path, request, response);
  if (!found) refuse(response, 404, 'not found');
}

function post(visit: Visit, cookie: string, parts: RouteParts): void | Promise<void> {
  const { response, place, token } = visit;
  if (place.path === 'logout') {
    parts.authentication.leave(token);
    return sendTo(response, 'login', { 'set-cookie': `${cookie}=; Path=/; Max-Age=0` });
  }
  if (place.path === 'login') return login(visit, cookie, parts);
  if (place.path.startsWith('api/')) return parts.api.post(visit, place.path.slice('api/'.length));
  refuse(response, 404, 'not found');
}

/** Of no use to scripts, and never sent along from another site. */
function cookieText(name: string, token: string, { options }: RouteParts): string {
  const secure = options.origin?.startsWith('https:') ? '; Secure' : '';
  const lifeS = Math.round(options.sessionHours * 3600);
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${lifeS}${secure}`;
}
