// Requests to the daemon.
import { notice } from './notices.js';

let requestToken = '';

/** The daemon's answer. Goes to the login page when the session has ended. */
export async function ask(path, options = {}) {
  const response = await fetch(`api/${path}`, { ...options, credentials: 'same-origin' });
  if (response.status === 401) {
    location.assign('login');
    await new Promise(() => undefined); // nothing that follows is of use any more
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `the daemon answered ${response.status}`);
  return answer;
}

export async function beginSession() {
  const session = await ask('session');
  requestToken = session.requestToken;
  return session;
}

/** Runs a verb and shows the daemon's error if there is one. Gives the answer's data, or undefined. */
export async function tell(verb, request) {
  try {
    const { data } = await ask(`do/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-token': requestToken },
      body: JSON.stringify(request),
    });
    return data;
  } catch (error) {
    notice(error.message, true);
    return undefined;
  }
}
