/** Where a cut lies on a sheet, in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Keeps the gap's colour out of a cut that is drawn larger. */
const inset = 0.5;

/** A part of a sheet of pictures, as wide as its place. Without `alt`, what is around it says what it shows. */
export function Cut({
  sheet,
  at,
  alt,
}: {
  sheet: { readonly url: string; readonly width: number; readonly height: number };
  at: Rectangle;
  alt?: string;
}) {
  const [width, height] = [at.width - 2 * inset, at.height - 2 * inset];
  const along = (from: number, whole: number, part: number) =>
    whole === part ? 0 : ((from + inset) / (whole - part)) * 100;
  return (
    <span
      className="cut"
      {...(alt === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": alt })}
      style={{
        aspectRatio: `${width} / ${height}`,
        backgroundImage: `url("${sheet.url}")`,
        backgroundSize: `${(sheet.width / width) * 100}% ${(sheet.height / height) * 100}%`,
        backgroundPosition: `${along(at.x, sheet.width, width)}% ${along(at.y, sheet.height, height)}%`,
      }}
    />
  );
}
