// Buttons of a stream: silence it, train it again, go back to an earlier model.
import { tell } from './ask.js';
import { make, say } from './dom.js';
import { confirmed, notice } from './notices.js';
import { moment } from './words.js';

const SILENCES = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [1440, '1 day'],
  [10_080, '1 week'],
];

export function streamActions(id) {
  const silence = silenceControl(id);
  const models = modelList(id);
  const retrain = button('Train again', async () => {
    const text =
      'A new model is trained on the kept rows while the stream is watched. It is used if it is not worse.';
    if (!(await confirmed(`Train ${id} again?`, text, 'Train'))) return;
    if (await tell('retrain', { stream: id })) notice(`${id} is being trained`, false);
  });
  const element = make(
    'details',
    { class: 'more' },
    make('summary', {}, 'Actions'),
    silence.element,
    make('div', { class: 'row start' }, retrain, models.button),
    models.element,
  );
  return {
    element,
    show(stream) {
      silence.show(stream);
      retrain.disabled = stream.training !== null || stream.model === null;
    },
  };
}

function button(text, onclick) {
  return make('button', { type: 'button', class: 'plain', onclick }, text);
}

function silenceControl(id) {
  const minutes = make('select', { 'aria-label': `How long to silence ${id}` });
  for (const [value, text] of SILENCES) {
    minutes.append(make('option', { value: String(value), selected: value === 60 }, text));
  }
  let silenced = false;
  const set = button('Silence', () =>
    tell('silence', { stream: id, minutes: silenced ? 0 : Number(minutes.value) }),
  );
  return {
    element: make('div', { class: 'row start' }, minutes, set),
    show({ silencedUntilMs }) {
      silenced = silencedUntilMs !== null;
      minutes.hidden = silenced;
      say(set, silenced ? 'End the silence' : 'Silence');
    },
  };
}

function modelList(id) {
  const list = make('ul', { class: 'models' });
  const show = button('Models', async () => {
    const found = await tell('models', { stream: id });
    if (found) list.replaceChildren(...found.models.map((model) => entry(id, model)).reverse());
  });
  return { button: show, element: list };
}

function entry(id, model) {
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
  item.append(back);
  return item;
}
