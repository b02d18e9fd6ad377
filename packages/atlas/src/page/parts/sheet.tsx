import type { SiteSheets } from "@optogram/render-atlas/site";

/** One of a feature's top images, cut from its sheet; takes the width of its place. */
export function SheetImage({
  sheets,
  feature,
  rank,
  alt,
}: {
  sheets: SiteSheets;
  feature: number;
  rank: number;
  alt: string;
}) {
  const { column, row, span } = sheetCell(sheets, rank);
  const along = (position: number, cells: number) => (cells === span ? 0 : (position / (cells - span)) * 100);
  return (
    <span
      className="sheet-image"
      role="img"
      aria-label={alt}
      title={alt}
      style={{
        backgroundImage: `url(${sheetUrl(sheets, feature)})`,
        backgroundSize: `${(sheets.columns / span) * 100}% ${(sheets.rows / span) * 100}%`,
        backgroundPosition: `${along(column, sheets.columns)}% ${along(row, sheets.rows)}%`,
      }}
    />
  );
}

export function sheetUrl(sheets: SiteSheets, feature: number): string {
  return `${sheets.url}/${feature}.${sheets.extension}`;
}

/** Where a rank lies on the sheet, in cells: the first fills the corner, the rest runs row by row around it. */
export function sheetCell(sheets: SiteSheets, rank: number): { column: number; row: number; span: number } {
  if (rank === 0) return { column: 0, row: 0, span: sheets.hero };
  const beside = sheets.columns - sheets.hero;
  const index = rank - 1;
  if (index < beside * sheets.hero) {
    return { column: sheets.hero + (index % beside), row: Math.floor(index / beside), span: 1 };
  }
  const below = index - beside * sheets.hero;
  return { column: below % sheets.columns, row: sheets.hero + Math.floor(below / sheets.columns), span: 1 };
}
