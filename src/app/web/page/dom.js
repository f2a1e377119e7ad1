// Making and changing elements. Texts are only ever set as texts, never read as HTML.

/** `properties` are those of the element; `class`, `role`, `aria-*` and `data-*` are attributes. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function button(text, onclick) {
  return make('button', { type: 'button', class: 'plain', onclick }, text);
}

/**
 * A table that a phone shows as blocks, each cell with the name of its column. Its roles are written down, because blocks
 * would take them away. A cell is a text, or parts of a cell; the first of a row is its name.
 */
export function table(head, rows, look) {
  const cell = (tag, role, parts, more = {}) => {
    const element = make(tag, more, ...[parts].flat());
    element.setAttribute('role', role);
    return element;
  };
  const rowOf = (cells) => cell('tr', 'row', cells);
  const headRow = rowOf(head.map((name) => cell('th', 'columnheader', name, { scope: 'col' })));
  const bodyRows = rows.map(([name, ...others]) =>
    rowOf([
      cell('th', 'rowheader', name, { scope: 'row' }),
      ...others.map((parts, place) => cell('td', 'cell', parts, { 'data-name': head[place + 1] })),
    ]),
  );
  return cell(
    ...['table', 'table'],
    [cell('thead', 'rowgroup', headRow), cell('tbody', 'rowgroup', bodyRows)],
    { class: look },
  );
}

/** Leaves an element alone that says it already, so that a reader's selection stays. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Makes `parent` a list of these texts, and leaves items alone that say theirs already. */
export function sayEach(parent, texts) {
  const items = texts.map((_, place) => parent.children[place] ?? make('li'));
  for (const [place, item] of items.entries()) say(item, texts[place]);
  arrange(parent, items);
}

export function byId(id) {
  return document.getElementById(id);
}

/** Makes `parent` hold these elements in this order, and moves only what has to. */
export function arrange(parent, elements) {
  elements.forEach((element, place) => {
    if (parent.children[place] !== element) parent.insertBefore(element, parent.children[place]);
  });
  while (parent.children.length > elements.length) parent.lastElementChild.remove();
}
