/**
 * The curve beside the film strip: how many neighbors carry each class in question, down the probes, a point a row.
 */
import type { Evidence } from "../../../store/details/evidence";
import type { Store } from "../../../store/store";
import { setAttribute, svg } from "../../parts/dom";
import type { ViewContext } from "../../parts/view";
import { colorByClass, lineOf, rolesText } from "../answer/roles";
import { nameOf } from "../answer/sentence";

const EDGE = 6;
const DOT = 4;

export interface Curve {
  readonly element: SVGSVGElement;
  paint(evidence: Evidence, space: { readonly width: number; readonly row: number }): void;
}

export function createCurve(context: ViewContext): Curve {
  const { store } = context;
  const { probes, k } = store.manifest;
  const element = svg("svg", { class: "curve", role: "img" });

  return {
    element,
    paint(evidence, { width, row }) {
      const height = row * probes.length;
      const x = (share: number) => EDGE + share * (width - 2 * EDGE);
      const y = (probe: number) => (probe + 0.5) * row;
      setAttribute(element, "width", width);
      setAttribute(element, "height", height);
      setAttribute(element, "aria-label", curveText(store, evidence));
      const lines = [0, 0.5, 1].map((share) => {
        const d = `M${x(share).toFixed(1)} 0V${height}`;
        return svg("path", { class: share === 0.5 ? "half" : "end", d });
      });
      const curves = evidence.curves.map(({ code, roles, shares }) => {
        const at = shares.flatMap((share, probe) =>
          share === undefined ? [] : [{ share, probe, place: [x(share), y(probe)] as const }],
        );
        const points = at.map(({ place }) => place.map((one) => one.toFixed(1)).join(" "));
        const line = svg("path", {
          class: "line",
          d: points.length > 0 ? `M${points.join("L")}` : "",
        });
        const dots = at.map(({ share, probe, place: [cx, cy] }) => {
          const title = svg("title");
          title.append(`${probes[probe]}: ${nameOf(store, code)} ${Math.round(share * k)} of ${k}`);
          return svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: DOT }, title);
        });
        const group = svg("g", { "data-role": lineOf(roles) }, line, ...dots);
        colorByClass(group, context, code);
        return group;
      });
      element.replaceChildren(...lines, ...curves);
    },
  };
}

/** The curves in words, for who does not see them. */
function curveText(store: Store, { curves, classes }: Evidence): string {
  const { probes, k } = store.manifest;
  const each = curves.map(({ code, roles, shares }) => {
    const counts = shares.flatMap((share, probe) =>
      share === undefined ? [] : [`${probes[probe]} ${Math.round(share * k)}`],
    );
    return `${rolesText(roles, classes)} class ${nameOf(store, code)}: ${counts.join(", ")}`;
  });
  return `Votes of ${k} neighbors by probe. ${each.join(". ")}.`;
}
