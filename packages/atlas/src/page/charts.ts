import {
  areaY,
  axisX,
  axisY,
  barX,
  dot,
  dotX,
  gridX,
  line,
  lineY,
  plot,
  rectY,
  ruleX,
  ruleY,
  text,
} from "@observablehq/plot";

/** The parts of Observable Plot that the page's charts are made of; this module is fetched when the first is drawn. */
export const tools = {
  ...{ areaY, axisX, axisY, barX, dot, dotX, gridX, line, lineY, plot, rectY, ruleX, ruleY, text },
};

export type ChartDrawer = (plot: typeof tools, width: number) => Element;
