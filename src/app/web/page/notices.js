// Short messages that disappear by themselves, and the dialog that asks for confirmation.
import { byId, make, say } from './dom.js';

const SHOWN_MS = 8000;
const MOST = 4;

export function notice(text, failed) {
  const holder = byId('notices');
  const element = make('p', { class: failed ? 'notice fault' : 'notice' }, text);
  while (holder.children.length >= MOST) holder.firstElementChild.remove();
  holder.append(element);
  setTimeout(() => element.remove(), SHOWN_MS);
}

/** Asks for confirmation. */
export function confirmed(title, text, yes) {
  const dialog = byId('dialog');
  say(byId('dialog-title'), title);
  say(byId('dialog-text'), text);
  say(byId('dialog-yes'), yes);
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
