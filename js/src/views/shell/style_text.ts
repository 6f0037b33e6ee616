/**
 * The text of all styles. The bundle with annotations carries it deflated, in base64: see `build.mjs`.
 */

import annotate from "../annotate/annotate.css?raw";
import decide from "../annotate/decide.css?raw";
import queue from "../annotate/queue/queue.css?raw";
import tools from "../annotate/tools/tools.css?raw";
import findings from "../findings/findings.css?raw";
import find from "../frame/find.css?raw";
import frame from "../frame/frame.css?raw";
import rail from "../frame/rail.css?raw";
import grid from "../grid/grid.css?raw";
import boundaryHandles from "../groups/boundary_handles.css?raw";
import chips from "../groups/chips.css?raw";
import groupControls from "../groups/group_controls.css?raw";
import plane from "../groups/plane.css?raw";
import bars from "../histograms/bars.css?raw";
import histogram from "../histograms/histogram.css?raw";
import numberHistogram from "../histograms/number_histogram.css?raw";
import answer from "../inspector/answer/answer.css?raw";
import picture from "../inspector/answer/picture.css?raw";
import compare from "../inspector/compare/compare.css?raw";
import film from "../inspector/film/film.css?raw";
import inspector from "../inspector/inspector.css?raw";
import inspectorHead from "../inspector/inspector_head.css?raw";
import members from "../inspector/members.css?raw";
import probeTable from "../inspector/probe_table.css?raw";
import axis from "../map/axis/axis.css?raw";
import map from "../map/map.css?raw";
import card from "../parts/examples/card.css?raw";
import excerpts from "../parts/excerpts/excerpts.css?raw";
import base from "../styles/base.css?raw";
import controls from "../styles/controls.css?raw";
import ensemble from "../styles/ensemble.css?raw";
import facts from "../styles/facts.css?raw";
import forced from "../styles/forced.css?raw";
import panel from "../styles/panel.css?raw";
import single from "../styles/single.css?raw";
import bar from "./bar.css?raw";
import help from "./help.css?raw";
import layout from "./layout.css?raw";
import menus from "./menus/menus.css?raw";

/** In this order: later ones refine earlier ones. */
export const TEXT = [
  base,
  bar,
  layout,
  controls,
  panel,
  frame,
  rail,
  find,
  findings,
  bars,
  histogram,
  numberHistogram,
  chips,
  facts,
  map,
  axis,
  card,
  grid,
  inspector,
  film,
  answer,
  compare,
  probeTable,
  members,
  picture,
  inspectorHead,
  plane,
  boundaryHandles,
  groupControls,
  ensemble,
  menus,
  help,
  single,
  ...(ANNOTATING ? [annotate, queue, decide, tools] : []),
  ...(PREVIEWS ? [excerpts] : []),
  forced,
].join("\n");
