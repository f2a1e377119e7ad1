// What is kept and not sent of a stream, each in a sentence: what people called normal, and routines.
import { tell } from './ask.js';
import { button, make, say } from './dom.js';
import { confirmed } from './notices.js';

export function keptQuiet(id) {
  const summary = make('summary', {});
  const list = make('ul', { class: 'models' });
  const element = make('details', { class: 'more', hidden: true }, summary, list);
  let shown;
  return {
    element,
    show(quiet) {
      const mine = quietOf(id, quiet);
      const text = JSON.stringify(mine);
      if (text === shown) return;
      shown = text;
      element.hidden = mine.length === 0;
      say(summary, `Kept quiet (${mine.length})`);
      list.replaceChildren(...mine.map(entry));
    },
  };
}

/** Of one stream: sentences, each with the request that takes it back. */
export function quietOf(id, { normals, routines }) {
  const isMine = ({ stream }) => stream === id;
  return [
    ...normals
      .filter(isMine)
      .map(({ alert, quiet }) => ({ quiet, verb: 'normal', request: { alert, undo: true } })),
    ...routines
      .filter(isMine)
      .map(({ id: remove, quiet }) => ({ quiet, verb: 'routines', request: { remove } })),
  ];
}

function entry({ quiet, verb, request }) {
  const back = button('Take back', async () => {
    if (!(await confirmed('Take it back?', `No longer kept quiet: ${quiet}`, 'Take back'))) return;
    await tell(verb, request);
  });
  back.classList.add('act');
  return make('li', {}, make('span', {}, quiet), back);
}
