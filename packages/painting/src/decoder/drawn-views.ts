/** Random views of what the decoder paints, others in each step. */

import { seededRandom } from "@optogram/statistics";
import { applyViews, drawView, type ViewRanges, type ViewShape, viewFeeder, viewInputs } from "../views.ts";
import type { Views } from "./step.ts";

/** `shape.count` is the training's batch, `shape.size` the decoder's side. */
export function drawnViews(shape: ViewShape, ranges: ViewRanges, seed: number): Views {
  const feed = viewFeeder(shape);
  return {
    perPicture: shape.views,
    apply: (pictures) => applyViews(pictures, viewInputs(pictures.graph, shape)),
    feeds(step) {
      // Streams from −1 downwards: those from 0 on are the training's.
      const random = seededRandom(seed, -1 - step);
      return feed(Array.from({ length: shape.count * shape.views }, () => drawView(ranges, random)));
    },
  };
}
