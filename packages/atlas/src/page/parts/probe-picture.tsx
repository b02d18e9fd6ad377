import type { SiteProbes } from "@optogram/render-atlas/site";

/** One of the images that a thing was probed with, cut from the thing's sheet. */
export function ProbePicture({
  probes,
  thing,
  cell,
  alt,
}: {
  probes: SiteProbes;
  thing: number;
  cell: number;
  alt: string;
}) {
  const { columns, rows } = probes;
  const along = (position: number, cells: number) => (cells > 1 ? (position / (cells - 1)) * 100 : 0);
  return (
    <span
      className="sheet-image probe-picture"
      role="img"
      aria-label={alt}
      style={{
        backgroundImage: `url(${probes.url}/${thing}.${probes.extension})`,
        backgroundSize: `${columns * 100}% ${rows * 100}%`,
        backgroundPosition: `${along(cell % columns, columns)}% ${along(Math.floor(cell / columns), rows)}%`,
      }}
    />
  );
}
