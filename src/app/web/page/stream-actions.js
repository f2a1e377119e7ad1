// What can be done with a stream: silence it, train it again, go back to an earlier model, take back what was called normal.
import { ask, tell } from './ask.js';
import { button, make, say } from './dom.js';
import { confirmed, notice } from './notices.js';
import { moment } from './words.js';

const SILENCES = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [1440, '1 day'],
  [10_080, '1 week'],
];
/** A longer silence is easily forgotten: it is asked about. */
const ASKED_MINUTES = 1440;

export function streamActions(id) {
  const silence = silenceControl(id);
  const models = list('Models', `list/models?stream=${encodeURIComponent(id)}`, ({ models: all }) =>
    all.map((model) => modelEntry(id, model)).reverse(),
  );
  const normals = list('Called normal', 'list/normal', ({ normals: all }) =>
    normalEntries(id, all),
  );
  const retrain = button('Train again', async () => {
    const text =
      'A new model is trained on the kept rows while the stream is watched. It is used if it is not worse.';
    if (!(await confirmed(`Train ${id} again?`, text, 'Train'))) return;
    if (await tell('retrain', { stream: id })) notice(`${id} is being trained`, false);
  });
  retrain.classList.add('act');
  const element = make(
    'details',
    { class: 'more' },
    make('summary', {}, 'Models and actions'),
    silence.element,
    make('div', { class: 'row start' }, retrain, models.button, normals.button),
    models.element,
    normals.element,
  );
  return {
    element,
    show(stream) {
      silence.show(stream);
      retrain.disabled = stream.training !== null || stream.model === null;
    },
  };
}

function silenceControl(id) {
  const minutes = make('select', { 'aria-label': `How long to silence ${id}` });
  for (const [value, text] of SILENCES) {
    minutes.append(make('option', { value: String(value), selected: value === 60 }, text));
  }
  let silenced = false;
  const set = button('Silence', async () => {
    const wanted = silenced ? 0 : Number(minutes.value);
    if (wanted >= ASKED_MINUTES) {
      const text = `No alert of ${id} is sent for ${minutes.selectedOptions[0].text}; they are kept.`;
      if (!(await confirmed(`Silence ${id}?`, text, 'Silence'))) return;
    }
    await tell('silence', { stream: id, minutes: wanted });
  });
  return {
    element: make('div', { class: 'row start act' }, minutes, set),
    show({ silencedUntilMs }) {
      silenced = silencedUntilMs !== null;
      minutes.hidden = silenced;
      say(set, silenced ? 'End the silence' : 'Silence');
    },
  };
}

/** A button that reads a list and shows it. */
function list(name, path, entriesOf) {
  const element = make('ul', { class: 'models' });
  const show = button(name, async () => {
    try {
      const { data } = await ask(path);
      const entries = entriesOf(data);
      element.replaceChildren(
        ...(entries.length > 0 ? entries : [make('li', {}, 'There is none.')]),
      );
    } catch (error) {
      notice(error.message, true);
    }
  });
  return { button: show, element };
}

function modelEntry(id, model) {
  const { trainedAt, standing, reason, rows } = model;
  const text = `${model.id.slice(0, 8)}, ${standing}, of ${moment(Date.parse(trainedAt))}, ${rows} rows`;
  const item = make('li', {}, make('span', {}, reason ? `${text}: ${reason}` : text));
  if (standing === 'live') return item;
  const back = button('Use this one', async () => {
    const title = `Go back to model ${model.id.slice(0, 8)}?`;
    if (!(await confirmed(title, `${id} uses this model from the next row on.`, 'Go back'))) return;
    const done = await tell('rollback', { stream: id, model: model.id });
    if (done) notice(`${id} runs with model ${model.id.slice(0, 8)}`, false);
  });
  back.classList.add('act');
  item.append(back);
  return item;
}

/** What people called normal keeps alerts back until it expires. */
function normalEntries(id, normals) {
  return normals
    .filter(({ stream }) => stream === id)
    .map(({ alert, quiet }) => {
      const undo = button('Take back', async () => {
        const text = 'What is like this alert is sent again.';
        if (!(await confirmed('Take it back?', text, 'Take back'))) return;
        if (await tell('normal', { alert, undo: true })) item.remove();
      });
      undo.classList.add('act');
      const item = make('li', {}, make('span', {}, quiet), undo);
      return item;
    });
}
