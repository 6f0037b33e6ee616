/**
 * Mounting: puts an Explorer into an element and keeps it in step with its host.
 *
 * The only place where hosts, sessions, styles and views meet. What it returns takes everything away again.
 */
import { openDesk } from "./annotations/session_desk";
import type { Host } from "./hosts/host";
import { HostGone } from "./hosts/host";
import { holdSession, keepInStep } from "./session";
import { giveFocus } from "./views/parts/dom";
import { detectTheme } from "./views/parts/theme";
import { createExplorer, type Explorer } from "./views/shell/explorer";
import { adoptStyles, inflated } from "./views/shell/styles";

const USUAL_HEIGHT = 720;

export function mount(element: HTMLElement, host: Host): () => void {
  const root = createRoot(host);
  element.append(root);
  const dropStyles = adoptStyles(root);
  const session = holdSession(host.sessionId);
  const detach = session.value.source.attach(host);
  let explorer: Explorer | null = null;
  const words = { problem: "", wait: "" };
  let disconnect = ignore;
  let ended = false;

  host.onError((problem) => {
    words.problem = problem;
    explorer?.showWarning(problem);
  });
  host.onWait((wait) => {
    words.wait = wait;
    explorer?.showWait(wait);
  });

  async function open(): Promise<void> {
    showLoading(root);
    try {
      const store = await session.value.open(host);
      if (ANNOTATING) await inflated();
      if (ended) return;
      disconnect = keepInStep(store, host, session.value.joins(host));
      if (ANNOTATING) disconnect = also(disconnect, openDesk(store, host));
      explorer = createExplorer(root, store, session.value.source.load, host.request, host.keeper);
      explorer.showWarning(words.problem);
      explorer.showWait(words.wait);
      await fetchParts();
    } catch (reason) {
      close();
      if (!ended) showFailure(root, reason, () => void open());
    }
  }

  async function fetchParts(): Promise<void> {
    const store = await session.value.open(host);
    try {
      await session.value.fetchParts(store);
    } catch (reason) {
      if (!ended) explorer?.showError(messageOf(reason), () => void fetchParts());
    }
    if (!ended) explorer?.settle();
  }

  /** Nothing of a view that failed may stay next to the next one. */
  function close(): void {
    explorer?.dispose();
    explorer = null;
    disconnect();
    disconnect = ignore;
  }

  void open();
  return () => {
    if (ended) return;
    ended = true;
    close();
    session.release();
    dropStyles();
    root.remove();
    detach();
  };
}

function ignore(): void {}

function also(first: () => void, then: () => void): () => void {
  return () => {
    first();
    then();
  };
}

function createRoot({ height, request }: Host): HTMLElement {
  const root = document.createElement("div");
  root.className = "depthviz";
  root.setAttribute("data-depthviz", request.view);
  root.setAttribute("data-depthviz-theme", detectTheme());
  root.setAttribute("data-depthviz-shown", "0");
  root.setAttribute("data-depthviz-selected", "0");
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.tabIndex = -1;
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", `depthviz ${request.view}`);
  root.style.height = `${height > 0 ? height : USUAL_HEIGHT}px`;
  return root;
}

function showLoading(root: HTMLElement): void {
  const text = document.createElement("p");
  text.className = "loading";
  text.setAttribute("role", "status");
  text.textContent = "Loading the study …";
  root.replaceChildren(text);
}

function showFailure(root: HTMLElement, reason: unknown, retry: () => void): void {
  if (reason instanceof HostGone) return;
  const text = document.createElement("p");
  text.className = "loading";
  text.setAttribute("role", "alert");
  text.textContent = `${messageOf(reason)} `;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.setAttribute("data-depthviz-control", "retry");
  button.textContent = "Retry";
  button.addEventListener(
    "click",
    () => {
      giveFocus(root);
      retry();
    },
    { once: true },
  );
  text.append(button);
  root.replaceChildren(text);
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
