// Making and changing elements. Texts are only ever set as texts, never read as HTML.

/** `properties` are those of the element; `class`, `aria-*` and `data-*` are attributes. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
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
