/**
 * Building elements without markup: data only ever becomes text or an attribute, never HTML.
 */

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Make an element; `true` sets an empty attribute, `false` and `undefined` set none. A button sends no form unless it says so; what
 * a person operates is found by the name of its `control`.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (tag === "button") setAttribute(element, "type", "button");
  for (const [name, value] of Object.entries(attributes))
    setAttribute(element, name === "control" ? CONTROL : name, value);
  element.append(...children);
  return element;
}

const CONTROL = "data-depthviz-control";

/** Make an element of a drawing. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** Set or remove an attribute, touching the document only where it changes. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | undefined,
): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether the keyboard is in a part, also within a shadow root. */
export function hasFocus(part: Element): boolean {
  const { activeElement = null } = part.getRootNode() as Partial<DocumentOrShadowRoot>;
  return part.contains(activeElement);
}

/** Where an element is, in pixels of the window. */
export function boxOf(element: Element): DOMRect {
  return element.getBoundingClientRect();
}

/** Put the keyboard somewhere, and let the page stay where it is. */
export function giveFocus(element: HTMLElement | null | undefined): void {
  element?.focus({ preventScroll: true });
}

/** Take over the focus of a part that goes away: outside of the view, keys would be the notebook's. */
export function keepFocus(part: Element): void {
  giveFocus(part.closest<HTMLElement>(".depthviz"));
}

/** The closest ancestor that matches, when an event comes from inside it. */
export function closest(event: Event, selector: string): HTMLElement | null {
  const target = event.target;
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}

/** The options of a select: value and visible text of each. */
export function options(choices: readonly (readonly [value: string, text: string])[]) {
  return choices.map(([value, text]) => h("option", { value }, text));
}
