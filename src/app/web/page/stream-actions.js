// What can be done with a stream: silence it, train it again, go back to an earlier model.
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
  const models = modelList(id);
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

function modelList(id) {
  const element = make('ul', { class: 'models' });
  const show = button('Models', async () => {
    try {
      const { data } = await ask(`models?stream=${encodeURIComponent(id)}`);
      element.replaceChildren(...data.models.map((model) => modelEntry(id, model)).reverse());
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
