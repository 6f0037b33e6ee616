/**
 * The styles, applied to the document or shadow root that the view is in.
 *
 * A constructed sheet needs no `style` element, so the offline page's policy can forbid them. A notebook may draw a view
 * before it is attached: then the document's styles serve until it is.
 */
import { fromBase64 } from "../../store/base64";
import { TEXT } from "./style_text";

export function adoptStyles(element: HTMLElement): () => void {
  const sheet = new CSSStyleSheet();
  if (ANNOTATING && isDeflated) void inflated().then((text) => sheet.replaceSync(text));
  else sheet.replaceSync(TEXT);
  let home = homeOf(element);
  home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];

  const move = () => {
    const next = homeOf(element);
    if (next === home) return;
    remove(home, sheet);
    home = next;
    home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];
  };
  const observer = new ResizeObserver(move);
  observer.observe(element);
  return () => {
    observer.disconnect();
    remove(home, sheet);
  };
}

const isDeflated = ANNOTATING && /^[\w+/]+=*$/.test(TEXT);

let text: Promise<string> | undefined;

/** The text of the styles, once it is inflated: nothing can be measured before. */
export function inflated(): Promise<string> {
  text ??= isDeflated ? inflate(TEXT) : Promise.resolve(TEXT);
  return text;
}

function inflate(base64: string): Promise<string> {
  const stream = new Blob([fromBase64(base64)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("deflate-raw"))).text();
}

function homeOf(element: HTMLElement): Document | ShadowRoot {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root : element.ownerDocument;
}

function remove(home: Document | ShadowRoot, sheet: CSSStyleSheet): void {
  home.adoptedStyleSheets = home.adoptedStyleSheets.filter((other) => other !== sheet);
}
