import type { SiteSheets } from "@optogram/render-atlas/site";
import { sheetCell, sheetUrl } from "../parts/sheet.tsx";
import { contextOf, fileOf } from "./canvas.ts";

/** The top image of a feature as a file, cut from its sheet. */
export async function cutTopImage(sheets: SiteSheets, feature: number): Promise<Blob | undefined> {
  const response = await fetch(sheetUrl(sheets, feature));
  if (!response.ok) return undefined;
  const sheet = await createImageBitmap(await response.blob());
  const { column, row, span } = sheetCell(sheets, 0);
  const side = span * sheets.cell;
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  contextOf(canvas).drawImage(sheet, column * sheets.cell, row * sheets.cell, side, side, 0, 0, side, side);
  return fileOf(canvas);
}
