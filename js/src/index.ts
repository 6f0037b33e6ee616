/**
 * The entry: an anywidget in a notebook, and by itself the whole of an offline page.
 */
import { createAnnotatedHost } from "./hosts/kernel/annotated_host";
import { createKernelHost } from "./hosts/kernel/kernel_host";
import { notePlace } from "./hosts/kernel/leaving";
import type { WidgetModel } from "./hosts/kernel/widget_model";
import { createPageHost, readPage } from "./hosts/page/page_host";
import { mount } from "./mount";

function render({ model, el }: { model: WidgetModel; el: HTMLElement }): () => void {
  const leave = notePlace(model, el);
  const unmount = mount(el, ANNOTATING ? createAnnotatedHost(model) : createKernelHost(model));
  return () => {
    unmount();
    leave();
  };
}

/** Pair the i-th study in the page with the i-th place for one, once. */
function bootPages(): void {
  const places = document.querySelectorAll<HTMLElement>("[data-depthviz-mount]");
  document.querySelectorAll("script[data-depthviz-page]").forEach((script, i) => {
    const place = places[i];
    if (!place || script.hasAttribute("data-depthviz-booted")) return;
    script.setAttribute("data-depthviz-booted", "");
    showPage(place, script.textContent ?? "");
  });
}

/** A study that cannot be read says so in its place, and the others of the page are shown. */
function showPage(place: HTMLElement, text: string): void {
  try {
    mount(place, createPageHost(readPage(text)));
  } catch (reason) {
    place.setAttribute("role", "alert");
    place.textContent = `This study cannot be shown. ${reason}`;
  }
}

if (typeof document !== "undefined") bootPages();

export default { render };
